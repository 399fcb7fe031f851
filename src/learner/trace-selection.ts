import type { Random } from '../domain/random.ts';
import type { Trace } from '../domain/trace.ts';
import { drawWeighted } from './draw-weighted.ts';
import { inputOf } from './shown-example.ts';
import { wordOverlap, wordsOf } from './word-overlap.ts';

/** Rewarded traces that must exist before anything is proposed: fewer say little of what fails. */
export const rewardedTracesMin = 20;

/** Weight of an explained failure relative to a bare one of reward 0: a comment or the right answer teaches more. */
const explanationWeight = 0.5;

/** Relative weight of the oldest trace; the newest has 1, between them it falls evenly. */
const oldestWeight = 0.5;

/** Rewards closer to their mean than this are equal to it: sums of equal rewards are not exact. */
const meanTolerance = 1e-9;

/** No candidate is so similar to those chosen that it cannot be drawn at all. */
const noveltyMin = 0.01;

/**
 * What an optimizer may be shown: traces of the incumbent where there are at least 20 rewarded ones, else all of them,
 * since just after a promotion the incumbent has hardly served. In the order given.
 */
export function showableTraces(traces: readonly Trace[], incumbentId: string): readonly Trace[] {
  const own = traces.filter(({ decision }) => decision.variantId === incumbentId);
  return rewardedCount(own) >= rewardedTracesMin ? own : traces;
}

/** How many traces have a reward. */
export function rewardedCount(traces: readonly Trace[]): number {
  return traces.filter(({ reward }) => reward !== null).length;
}

/** Mean reward of a variant's traces; `null` without any. */
export function meanRewardOf(traces: readonly Trace[], variantId: string): number | null {
  const rewards = traces.flatMap(({ decision, reward }) =>
    decision.variantId === variantId && reward !== null ? [reward] : [],
  );
  return rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
}

/**
 * Up to `count` failures, of traces newest first: rewards below 1 that are at most 0.5 or below the mean.
 *
 * Drawn one after the other with probability proportional to need × recency × novelty: need = 1 − reward, plus 0.5
 * for a comment and 0.5 for a known right answer; recency falls from 1 to 0.5 over the list; novelty = 1 − the largest
 * overlap of its words with an input already drawn (the relevance and novelty of Carbonell & Goldstein 1998, drawn
 * instead of maximised, so that each call sees other failures). Equal inputs are drawn once.
 */
export function selectFailures(traces: readonly Trace[], count: number, random: Random): readonly Trace[] {
  const rewards = traces.flatMap(({ reward }) => reward ?? []);
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / Math.max(1, rewards.length);
  let candidates = traces.flatMap((trace, index): Candidate[] => {
    const { reward } = trace;
    if (reward === null || reward >= 1 || (reward > 0.5 && reward >= mean - meanTolerance)) return [];
    const age = traces.length < 2 ? 0 : index / (traces.length - 1);
    const weight = needOf(trace, reward) * (1 - (1 - oldestWeight) * age);
    return [{ trace, weight, words: wordsOf(inputOf(trace)), novelty: 1 }];
  });

  const chosen: Trace[] = [];
  while (chosen.length < count && candidates.length > 0) {
    const next = drawWeighted(candidates, ({ weight, novelty }) => weight * novelty, random);
    if (next === undefined) break;
    chosen.push(next.trace);
    candidates = candidates
      .filter(({ trace }) => trace.decision.inputHash !== next.trace.decision.inputHash)
      .map((candidate) => ({
        ...candidate,
        novelty: Math.max(
          noveltyMin,
          Math.min(candidate.novelty, 1 - wordOverlap(candidate.words, next.words)),
        ),
      }));
  }
  return chosen;
}

/** Up to `count` traces at random, all alike, equal inputs once. */
export function selectAtRandom(traces: readonly Trace[], count: number, random: Random): readonly Trace[] {
  const left = [...new Map(traces.map((trace) => [trace.decision.inputHash, trace])).values()];
  const chosen: Trace[] = [];
  while (chosen.length < count && left.length > 0)
    chosen.push(...left.splice(Math.floor(random.next() * left.length), 1));
  return chosen;
}

interface Candidate {
  readonly trace: Trace;
  readonly weight: number;
  readonly words: ReadonlySet<string>;
  readonly novelty: number;
}

function needOf({ comments, expected }: Trace, reward: number): number {
  return (
    1 - reward + (comments.length > 0 ? explanationWeight : 0) + (expected === null ? 0 : explanationWeight)
  );
}
