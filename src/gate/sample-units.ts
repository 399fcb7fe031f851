import { contentHash } from '../domain/content-hash.ts';
import type { Trace } from '../domain/trace.ts';
import { segmentOf } from './strata.ts';

export interface SampleSettings {
  /** Requests that may be taken; the conversation with which it is reached is taken whole. */
  readonly requestsMax: number;
  /** Requests of one conversation that are taken, ≥ 1. */
  readonly turnsMax: number;
}

/**
 * A sample of whole conversations, each segment in proportion to its share, one conversation of each segment first.
 *
 * Conversations are ordered by the method of Webster and Sainte-Laguë: next comes the segment with the largest
 * share/(2·taken + 1), so that every beginning of the sample is as proportional as can be, however far the day's budget
 * reaches. Within a segment they keep their order. The first pass brings conversations of rare segments forward and adds
 * none: what is passed over now comes first in the next sample, so over a test every segment has its share.
 *
 * Of a conversation with more than `turnsMax` requests as many are drawn by lot: by a hash of their ids, so that the same
 * ones are drawn when it is sampled again.
 */
export function sampleUnits<Request extends { readonly trace: Trace }>(
  requests: readonly Request[],
  { requestsMax, turnsMax }: SampleSettings,
): readonly Request[] {
  const units = [...Map.groupBy(requests, ({ trace }) => trace.decision.episodeId).values()];
  const strata = [...Map.groupBy(units, segmentOfUnit).values()].map((members) => ({ members, taken: 0 }));
  const sample: Request[] = [];
  while (sample.length < requestsMax) {
    const next = nextStratum(strata);
    const unit = next?.members[next.taken];
    if (next === undefined || unit === undefined) break;
    next.taken += 1;
    sample.push(...drawTurns(unit, turnsMax));
  }
  return sample;
}

interface Stratum<Unit> {
  readonly members: readonly Unit[];
  taken: number;
}

/** The one whose turn it is; `undefined` where all have been taken. Among equals the first. */
function nextStratum<Unit>(strata: readonly Stratum<Unit>[]): Stratum<Unit> | undefined {
  let best: Stratum<Unit> | undefined;
  let bestClaim = -1;
  for (const stratum of strata) {
    const { members, taken } = stratum;
    if (taken >= members.length) continue;
    const claim = taken === 0 ? Infinity : members.length / (2 * taken + 1);
    if (claim > bestClaim) [best, bestClaim] = [stratum, claim];
  }
  return best;
}

function segmentOfUnit(unit: readonly { readonly trace: Trace }[]): string {
  const [first] = unit;
  return first === undefined ? '' : segmentOf(first.trace);
}

function drawTurns<Request extends { readonly trace: Trace }>(
  unit: readonly Request[],
  turnsMax: number,
): readonly Request[] {
  if (unit.length <= turnsMax) return unit;
  const lots = unit.map((request) => ({ request, lot: contentHash(request.trace.decision.decisionId) }));
  const drawn = new Set(
    lots
      .toSorted((one, other) => (one.lot < other.lot ? -1 : 1))
      .slice(0, turnsMax)
      .map(({ request }) => request),
  );
  return unit.filter((request) => drawn.has(request));
}
