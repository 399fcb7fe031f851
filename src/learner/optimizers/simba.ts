import type { Edit } from '../../domain/edit.ts';
import type { Random } from '../../domain/random.ts';
import type { Trace } from '../../domain/trace.ts';
import type { Variant } from '../../domain/variant.ts';
import type { ScoredVariant } from '../archive.ts';
import { childOf } from '../combine-edits.ts';
import { demonstrationOf } from '../demonstration.ts';
import { drawWeighted } from '../draw-weighted.ts';
import type { ExampleScores } from '../example-scores.ts';
import type { Optimizer, OptimizerContext } from '../optimizer.ts';

/** Examples of one step, candidates that it makes, demonstrations of a prompt, and temperature, as published. */
const batchSize = 32;
const candidatesMax = 6;
const demonstrationsMax = 4;
const temperature = 0.2;

/** A trace among the worst or best tenth of the batch teaches nothing by being as it is, as published. */
const tail = 0.1;

/**
 * Stochastic introspective mini-batch ascent (SIMBA, of DSPy: Khattab et al., 2023; `teleprompt/simba.py`). Where like
 * requests went very differently there is something to be learned: the examples with the largest spread of scores give
 * either a demonstration, from the best trace, or a rule that the model writes by comparing the best with the worst.
 *
 * As published: batch of 32, examples by max − min, then max, then max − mean; the prompt to extend drawn by softmax of
 * the scores at temperature .2; demonstration or rule by lot; no demonstration from a best trace in the lowest tenth,
 * no rule where the best is in the lowest or the worst in the highest tenth; 6 candidates. Changed on purpose:
 * - tenths are those of requests with a spread; of all requests, a prompt that is right nine times in ten would learn
 *   nothing, which is when its failures are worth looking at;
 * - demonstrations make way only where there would be more than 4. As published some are dropped by lot at every step,
 *   so that a test would be about two changes at once;
 * - the spread is over live answers of whichever variants to requests of one kind; nothing is run for its sake;
 * - a demonstration quotes the right answer, never the model's, and only where that is known from a trusted source;
 * - children keep the incumbent's edits, except for demonstrations that make way;
 * - the final pick by the score on the training set is the gate's decision on fresh requests.
 * A rule costs one call, a demonstration none.
 */
export const simba: Optimizer = {
  name: 'simba',
  propose: async (context) => {
    const candidates: (readonly Edit[])[] = [];
    const shown: Trace[] = [];
    const buckets = bucketsOf(context.scoresByExample);
    const limits = limitsOf(buckets);
    const wanted = Math.min(context.count, candidatesMax);
    for (const bucket of buckets) {
      if (candidates.length >= wanted) break;
      const source = drawSource(context);
      const demonstration = demonstrationIn(bucket, context);
      const mayDemonstrate = demonstration !== undefined && bucket.best > limits.low;
      if (mayDemonstrate && context.random.next() < 1 / 2) {
        shown.push(demonstration.trace);
        candidates.push(
          withDemonstration(childOf(context.incumbent, source, []), demonstration.edit, context.random),
        );
      } else if (bucket.best > limits.low && bucket.worst < limits.high) {
        candidates.push(...(await writeRule(bucket, source, context)));
      }
    }
    return { candidates, shown };
  },
};

interface Bucket {
  /** By reward, the lowest first. */
  readonly traces: readonly Trace[];
  readonly worst: number;
  readonly best: number;
  readonly mean: number;
}

/** Kinds of request with a spread, the largest first. */
function bucketsOf(scores: readonly ExampleScores[]): readonly Bucket[] {
  return scores
    .slice(0, batchSize)
    .map(({ traces }) => {
      const sorted = traces.toSorted((one, other) => (one.reward ?? 0) - (other.reward ?? 0));
      const rewards = sorted.map(({ reward }) => reward ?? 0);
      const mean = rewards.reduce((sum, reward) => sum + reward, 0) / Math.max(1, rewards.length);
      return { traces: sorted, worst: rewards[0] ?? 0, best: rewards.at(-1) ?? 0, mean };
    })
    .filter(({ worst, best }) => best > worst)
    .toSorted(
      (one, other) =>
        other.best - other.worst - (one.best - one.worst) ||
        other.best - one.best ||
        other.best - other.mean - (one.best - one.mean),
    );
}

/** The 10th and 90th percentile of all rewards, by linear interpolation. */
function limitsOf(buckets: readonly Bucket[]): { readonly low: number; readonly high: number } {
  const rewards = buckets.flatMap(({ traces }) => traces.map(({ reward }) => reward ?? 0));
  const sorted = rewards.toSorted((one, other) => one - other);
  const percentile = (share: number): number => {
    const place = share * Math.max(0, sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    const above = sorted[Math.ceil(place)] ?? 0;
    return below + (place - Math.floor(place)) * (above - below);
  };
  return { low: percentile(tail), high: percentile(1 - tail) };
}

function drawSource({ archive, incumbent, random }: OptimizerContext): Variant {
  return drawWeighted(archive, softmaxWeight, random)?.variant ?? incumbent;
}

function softmaxWeight({ score }: ScoredVariant): number {
  return Math.exp((score ?? 0) / 100 / temperature);
}

async function writeRule(
  { traces }: Bucket,
  source: Variant,
  { incumbent, ask }: OptimizerContext,
): Promise<readonly (readonly Edit[])[]> {
  const pair = [traces[0], traces.at(-1)].flatMap((trace) => trace ?? []);
  const suggestions = await ask({ instruction, examples: pair, history: [], base: source, count: 1 });
  return suggestions.map(({ edits }) => childOf(incumbent, source, edits));
}

interface Demonstration {
  readonly trace: Trace;
  readonly edit: Edit;
}

/** From the best trace whose right answer is known and that is short enough. */
function demonstrationIn(
  { traces }: Bucket,
  { growthCharactersMax }: OptimizerContext,
): Demonstration | undefined {
  for (const trace of traces.toReversed()) {
    const edit = demonstrationOf(trace, growthCharactersMax);
    if (edit !== undefined) return { trace, edit };
  }
  return undefined;
}

/** Appends a demonstration; each of 4 or more that stand there already is dropped with chance 1/4, at least one of them. */
function withDemonstration(edits: readonly Edit[], added: Edit, random: Random): readonly Edit[] {
  const present = edits.filter(({ op }) => op === 'add-example');
  if (present.length < demonstrationsMax) return [...edits, added];
  const dropped = new Set(present.filter(() => random.next() < 1 / demonstrationsMax));
  const first = present[Math.floor(random.next() * present.length)];
  if (dropped.size === 0 && first !== undefined) dropped.add(first);
  return [...edits.filter((edit) => !dropped.has(edit)), added];
}

const instruction =
  'The examples are two requests of one kind: the first went badly, the second well. Compare them: find what was done ' +
  'in the one and not in the other that made the difference, or, where the answers do not show it, what makes the first ' +
  'request harder. Write as the `intent` what this teaches, and as edits a rule of the form: if the request is such, ' +
  'then do this. Speak of this kind of request and of what to do, not of these two.';
