import type { Decision } from '../../domain/decision.ts';
import type { EpisodeOutcome } from '../outcome-store.ts';

/** What an outcome tells of a request. */
export type RecordedRequest = Pick<Decision, 'segment' | 'status' | 'latencyMs' | 'costUsd'>;

/** What is known of an episode by its recorded requests, in their order. */
export function requestFacts(
  requests: readonly RecordedRequest[],
): Pick<EpisodeOutcome, 'segment' | 'latencyMs' | 'costUsd'> {
  const answered = requests.filter(({ status }) => status >= 200 && status < 300);
  return {
    segment: requests[0]?.segment ?? null,
    latencyMs: meanOf(answered.map(({ latencyMs }) => latencyMs)),
    costUsd: meanOf(answered.flatMap(({ costUsd }) => costUsd ?? [])),
  };
}

function meanOf(amounts: readonly number[]): number | null {
  return amounts.length === 0 ? null : amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
}
