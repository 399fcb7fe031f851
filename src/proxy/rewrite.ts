import type { AgentRequest } from '../domain/agent-request.ts';
import { isRecord } from '../domain/is-record.ts';
import { withPrompt } from '../domain/prompt-slot.ts';

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

/** The request as upstream gets it. */
export function applyRewrite(request: AgentRequest, { prompt, model, metadata }: Rewrite): AgentRequest {
  const prompted = prompt === null ? request : withPrompt(request, prompt);
  const named = model === null ? prompted : { ...prompted, model };
  if (metadata === undefined) return named;
  const { metadata: _metadata, ...others } = named;
  return metadata === null ? others : { ...others, metadata };
}

/** What upstream gets of a request that has been routed. */
export function sentRequest(route: {
  readonly clientRequest: AgentRequest;
  readonly rewrite: Rewrite;
}): AgentRequest {
  return applyRewrite(route.clientRequest, route.rewrite);
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
