import { promptSplices } from './prompt-splices.ts';
import type { RequestBody } from './request-body.ts';
import type { Rewrite } from './rewrite.ts';
import { removeField, setField, splice, type Splice } from './splice.ts';

/**
 * The body with its changes spliced into the client's own bytes, so that everything else keeps its spelling: order of
 * fields, white space, large numbers. Without changes the very bytes that came.
 */
export function rewriteBody(body: RequestBody, rewrite: Rewrite, more: readonly Splice[] = []): Buffer {
  const { prompt, model, metadata } = rewrite;
  return splice(body.bytes, [
    ...(prompt === null ? [] : promptSplices(body, prompt)),
    ...(model === null ? [] : [setField(body, 'model', model)]),
    ...(metadata === undefined ? [] : metadataSplices(body, metadata)),
    ...more,
  ]);
}

function metadataSplices(
  body: RequestBody,
  metadata: NonNullable<Rewrite['metadata']> | null,
): readonly Splice[] {
  return metadata === null ? removeField(body, 'metadata') : [setField(body, 'metadata', metadata)];
}
