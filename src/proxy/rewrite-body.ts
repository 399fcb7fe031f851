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
  const changes: Splice[] = [...more];
  if (prompt !== null) changes.push(...promptSplices(body, prompt));
  if (model !== null) changes.push(setField(body, 'model', model));
  if (metadata === null) changes.push(...removeField(body, 'metadata'));
  else if (metadata !== undefined) changes.push(setField(body, 'metadata', metadata));
  return splice(body.bytes, changes);
}
