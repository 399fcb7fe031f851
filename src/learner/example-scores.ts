import type { Trace } from '../domain/trace.ts';
import { inputOf } from './shown-example.ts';
import { wordOverlap, wordsOf } from './word-overlap.ts';

/** Inputs whose words overlap by so much are of one kind. */
const likenessMin = 0.5;

/** Different words of an input that are compared, the first ones. */
const wordsMax = 50;

/** Requests of one kind, and how well the variants that served them did. */
export interface ExampleScores {
  /** Traces with a reward, in the order given. */
  readonly traces: readonly Trace[];
  /** Mean reward by variant id, for those that have served it. */
  readonly means: ReadonlyMap<string, number>;
}

/**
 * Scores by example and variant. Live requests are seldom repeated word for word, and each is answered by one variant,
 * so an example is a kind of request: equal inputs, and inputs that share at least half of their different words (Jaccard
 * index) with the first one of the kind. This is leader clustering (Hartigan, "Clustering Algorithms", 1975): one pass,
 * in the order given. The rewards are those of live feedback; nothing comes from the tests of the gate.
 */
export function exampleScores(traces: readonly Trace[]): readonly ExampleScores[] {
  const kinds: { readonly words: ReadonlySet<string>; readonly traces: Trace[] }[] = [];
  const kindOfInput = new Map<string, (typeof kinds)[number]>();
  for (const trace of traces) {
    if (trace.reward === null) continue;
    const { inputHash } = trace.decision;
    let kind = kindOfInput.get(inputHash);
    if (kind === undefined) {
      const words = wordsOf(inputOf(trace), wordsMax);
      kind = kinds.find((each) => wordOverlap(each.words, words) >= likenessMin);
      if (kind === undefined) {
        kind = { words, traces: [] };
        kinds.push(kind);
      }
      kindOfInput.set(inputHash, kind);
    }
    kind.traces.push(trace);
  }
  return kinds.map((kind) => ({ traces: kind.traces, means: meansOf(kind.traces) }));
}

function meansOf(traces: readonly Trace[]): ReadonlyMap<string, number> {
  const rewards = new Map<string, number[]>();
  for (const { decision, reward } of traces) {
    if (reward === null) continue;
    const known = rewards.get(decision.variantId);
    if (known === undefined) rewards.set(decision.variantId, [reward]);
    else known.push(reward);
  }
  return new Map(
    [...rewards].map(([id, values]) => [id, values.reduce((sum, value) => sum + value, 0) / values.length]),
  );
}
