import type { ChatRequest } from '../domain/chat.ts';
import { withPrompt } from '../domain/prompt-slot.ts';
import { isRecord } from './is-record.ts';

/** What must change in a client's request before it goes upstream; nothing else may. */
export interface Rewrite {
  /** Text of the prompt slot; `null`: the agent's own prompt stays. */
  readonly prompt: string | null;
  /** Model in place of an alias; `null`: stays. */
  readonly model: string | null;
  /** What remains of `metadata`: `undefined` leaves it as it is, `null` removes it. */
  readonly metadata: Readonly<Record<string, unknown>> | null | undefined;
}

/** Leaves a request as it is. */
export const noRewrite: Rewrite = { prompt: null, model: null, metadata: undefined };

/** Whether the client's bytes can go upstream untouched. */
export function isUnchanged({ prompt, model, metadata }: Rewrite): boolean {
  return prompt === null && model === null && metadata === undefined;
}

/** The request as upstream gets it. */
export function applyRewrite(request: ChatRequest, rewrite: Rewrite): ChatRequest {
  const { metadata, ...others } = request;
  const kept = rewrite.metadata === undefined ? metadata : (rewrite.metadata ?? undefined);
  return {
    ...others,
    model: rewrite.model ?? request.model,
    messages: rewrite.prompt === null ? request.messages : withPrompt(request.messages, rewrite.prompt),
    ...(kept === undefined ? {} : { metadata: kept }),
  };
}

/** Prefix of the metadata fields that are meant for Ratchet. */
const ownMetadata = 'ratchet_';

/**
 * `metadata` without what is meant for Ratchet. When nothing else is in it, it goes altogether: some services take
 * `metadata` only together with other fields, which the client did not send.
 */
export function withoutOwnMetadata(metadata: unknown): Rewrite['metadata'] {
  if (!isRecord(metadata)) return undefined;
  const entries = Object.entries(metadata);
  const kept = entries.filter(([field]) => !field.startsWith(ownMetadata));
  if (kept.length === entries.length) return undefined;
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

/** A text field of `metadata`; `undefined` where it is absent, empty or not text. */
export function metadataText(metadata: unknown, field: string): string | undefined {
  const value = isRecord(metadata) ? metadata[field] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
