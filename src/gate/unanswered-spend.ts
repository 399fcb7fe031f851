import { conversationOf, type AgentRequest } from '../domain/agent-request.ts';
import { estimateTokens } from '../domain/estimate-tokens.ts';
import { costUsd } from '../domain/price.ts';
import type { ErrorCode } from '../domain/ratchet-error.ts';
import type { GateDeps } from './gate-deps.ts';

/** Failures after which a model has, or may have, worked on the request. */
const maybeBilled: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['upstream_timeout', 'invalid_model_output']);

/**
 * What a call that failed may have cost, US dollars; `null` where it cannot have cost anything. Of its price only what
 * was sent is known.
 */
export function unansweredUsd(
  request: AgentRequest,
  code: ErrorCode,
  { priceOf }: Pick<GateDeps, 'priceOf'>,
): number | null {
  if (!maybeBilled.has(code)) return null;
  const usage = { inputTokens: estimateTokens(JSON.stringify(conversationOf(request))), outputTokens: 0 };
  return costUsd(usage, priceOf(request.model));
}
