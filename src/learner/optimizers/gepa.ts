import type { Edit } from '../../domain/edit.ts';
import type { Trace } from '../../domain/trace.ts';
import type { Variant } from '../../domain/variant.ts';
import { childOf, editsBeyond, mergeEdits } from '../combine-edits.ts';
import { drawWeighted } from '../draw-weighted.ts';
import type { Optimizer, OptimizerContext } from '../optimizer.ts';
import { paretoFront } from '../pareto-front.ts';
import { selectAtRandom } from '../trace-selection.ts';
import { tracesOf } from '../traces-of.ts';

/** Traces that one reflection looks at, as published. */
const minibatchSize = 3;

/** Draws of a minibatch before a prompt is taken to have nothing wrong with it. */
const drawsMax = 10;

/** Newest earlier changes that are shown. */
const historyMax = 10;

/**
 * Reflective prompt evolution: Agrawal et al., "GEPA: Reflective Prompt Evolution Can Outperform Reinforcement Learning"
 * (2025). A parent is drawn among those that are best at some example, the model reflects on a few of its traces, and
 * the change is made on this parent. Two variants of the front that each have something of their own are merged.
 *
 * As published: the parent from the per-example Pareto front, dominated ones removed, in proportion to the examples that
 * it is best at; minibatch of 3 at random, another one where all three are perfect; merges. Changed on purpose:
 * - an example is a kind of request, and its scores are rewards of live feedback (`example-scores.ts`): nothing is run
 *   for the sake of the scores. Before two variants have served like requests, the parent is the incumbent;
 * - whether the child is kept is the gate's decision, on fresh requests, and not one over the same minibatch;
 * - a child has the incumbent's edits too, since that is what the gate compares it with;
 * - a merge is of edits, one a turn, and costs no call; it is off by default as published, and on, up to 5, in DSPy;
 * - as many proposals as there is room for in one reflection instead of one.
 */
export const gepa: Optimizer = {
  name: 'gepa',
  batchSize: minibatchSize,
  propose: async (context) => {
    const { incumbent, tried, random, ask } = context;
    const front = frontOf(context);
    const parent = drawWeighted(front, ({ wins }) => wins, random)?.variant ?? incumbent;
    const merged = mergeOf(front, context);
    const minibatch = drawMinibatch(tracesOf(parent, context), context);
    if (minibatch.length === 0) return { candidates: merged };
    const suggestions = await ask({
      instruction,
      examples: minibatch,
      history: tried.slice(-historyMax),
      base: parent,
    });
    const children = suggestions.map(({ edits }) => childOf(incumbent, parent, edits));
    return { candidates: [...merged, ...children] };
  },
};

interface FrontMember {
  readonly variant: Variant;
  /** Examples that it is best at. */
  readonly wins: number;
}

/** Variants that a verdict went against are no parents. */
function frontOf({ incumbent, tried, scoresByExample }: OptimizerContext): readonly FrontMember[] {
  const variants = new Map(tried.map(({ variant }) => [variant.id, variant]));
  for (const { variant, outcome } of tried)
    if (outcome === 'rejected' || outcome === 'rolled-back') variants.delete(variant.id);
  variants.set(incumbent.id, incumbent);
  const wins = paretoFront(scoresByExample, new Set(variants.keys()));
  return [...variants.values()].flatMap((variant) => {
    const count = wins.get(variant.id);
    return count === undefined ? [] : [{ variant, wins: count }];
  });
}

/** The two that win most and each have edits of their own, as one, unless it has been tried. */
function mergeOf(
  front: readonly FrontMember[],
  { incumbent, tried }: OptimizerContext,
): readonly (readonly Edit[])[] {
  const members = front.toSorted((one, other) => other.wins - one.wins).map(({ variant }) => variant.edits);
  const pairs = members.flatMap((one, index) =>
    members.slice(index + 1).map((other) => [one, other] as const),
  );
  const merged = pairs
    .filter(([one, other]) => editsBeyond(one, other).length > 0 && editsBeyond(other, one).length > 0)
    .map(([one, other]) => childOf(incumbent, { edits: mergeEdits(one, other) }, []))
    .find((edits) => tried.every(({ variant }) => !isSame(variant.edits, edits)));
  return merged === undefined ? [] : [merged];
}

function isSame(one: readonly Edit[], other: readonly Edit[]): boolean {
  return editsBeyond(one, other).length === 0 && editsBeyond(other, one).length === 0;
}

/** Rewarded traces at random, not all of them perfect; none where that cannot be had. */
function drawMinibatch(
  traces: readonly Trace[],
  { random, batchSize = minibatchSize }: OptimizerContext,
): readonly Trace[] {
  const rewarded = traces.filter(({ reward }) => reward !== null);
  for (let draw = 0; draw < drawsMax; draw += 1) {
    const minibatch = selectAtRandom(rewarded, batchSize, random);
    if (minibatch.some(({ reward }) => reward !== null && reward < 1)) return minibatch;
  }
  return [];
}

const instruction =
  'The examples are traces of the assistant at work under this prompt, some good and some not. Reflect on each: what ' +
  'was asked, what the assistant did, which knowledge or strategy it lacked, and what it did well that the prompt could ' +
  'say in so many words. Facts about the domain that only a specialist would know, and strategies that generalise, are ' +
  'worth writing down. Write the lesson as the `intent`, and the edits that put it into the prompt.';
