import { editKey } from '../../domain/edit-key.ts';
import type { Edit } from '../../domain/edit.ts';
import { forgettingExpo, type ScoredPoint } from '../../stats/expo.ts';
import { ngramEmbedding } from '../../stats/ngram-embedding.ts';
import { drawWeighted } from '../draw-weighted.ts';
import { expoOdds } from '../expo-odds.ts';
import type { Optimizer, OptimizerContext } from '../optimizer.ts';
import { selectAtRandom } from '../trace-selection.ts';

/** Recorded requests shown for a picture of the task. */
const examplesMax = 3;

/** Newest scored prompts that estimators are fitted to, and rewordings of each part that are kept. */
const historyMax = 60;
const rewordingsMax = 30;

/**
 * Description × instruction, chosen jointly: EXPO, algorithm 1 of Chen et al., "EXPO: meta-prompt optimization by
 * adversarial bandits". A model rewords what the prompt says of the task (its first line or sentence) and how to go about
 * it (the rest); an estimator over the embeddings of both scores every pair, and pairs are drawn by softmax of the summed
 * scores (`stats/expo.ts`).
 *
 * As published: the domain is all pairs of rewordings, the originals among them; the embedding of a pair is that of both
 * parts, one behind the other; the estimator is fitted anew after each score. Changed on purpose:
 * - rewordings come a few at a time, and earlier ones stay in the domain unless a verdict went against them, instead of 100
 *   of each in advance at temperature 1.3: each costs a call to make, and most would never be tried;
 * - the estimator is a ridge regression over n-grams instead of a network over bought embeddings, since scores come in
 *   dozens; `learner.expo` has a small network too;
 * - sums and data are forgotten slowly, η is 3 and a floor of 5 % is shared by all pairs (`forgettingExpo`), since the
 *   published sums lock in within a few rounds; `publishedExpo` has the published ones;
 * - a score is what the gate released of a campaign, on fresh requests; as many pairs are drawn as there is room for.
 * One call a turn.
 */
export const rephrase: Optimizer = {
  name: 'rephrase',
  batchSize: examplesMax,
  propose: async (context) => {
    const { incumbent, prompt, traces, tried, random, ask, count, batchSize = examplesMax } = context;
    const parts = partsOf(prompt);
    const suggestions = await ask({
      instruction,
      examples: selectAtRandom(traces, batchSize, random),
      history: [],
      notes: parts.filter((part) => part !== ''),
    });
    const condemned = new Set(
      tried
        .filter(({ outcome }) => outcome === 'rejected' || outcome === 'rolled-back')
        .flatMap(({ edits }) => (edits.length === 1 ? edits.map(editKey) : [])),
    );
    const earlier = tried.flatMap(({ edits, isAddition }) => (isAddition ? edits : []));
    const written = [...suggestions.flatMap(({ edits }) => edits), ...earlier.toReversed()];
    const known = new Set(tried.map(({ edits }) => nameOf(edits)));
    const pairs = pairsOf(
      parts,
      written.filter((edit) => !condemned.has(editKey(edit))),
    );
    const open = pairs.filter(({ edits }) => edits.length > 0 && !known.has(nameOf(edits)));
    const probabilities = expoOdds(
      scoredPairs(parts, context),
      open.map(({ point }) => point),
      forgettingExpo,
      context,
    );
    let left = open.map((pair, index) => ({ pair, probability: probabilities[index] ?? 0 }));
    const candidates: (readonly Edit[])[] = [];
    while (candidates.length < count) {
      const next = drawWeighted(left, ({ probability }) => probability, random);
      if (next === undefined) break;
      candidates.push([...incumbent.edits, ...next.pair.edits]);
      left = left.filter((each) => each !== next);
    }
    return { candidates };
  },
};

type Parts = readonly [description: string, instruction: string];

/** A rewording of each part, or of one of them. */
interface Pair {
  readonly edits: readonly Edit[];
  readonly point: Float32Array;
}

/** What the prompt says of the task, its first line or, in a single line, its first sentence; and the rest. */
function partsOf(prompt: string): Parts {
  const line = prompt.indexOf('\n');
  const sentence = prompt.search(/(?<=[.!?])\s/);
  const end = line === -1 ? sentence : line;
  return end === -1 ? [prompt, ''] : [prompt.slice(0, end), prompt.slice(end)];
}

function pairsOf(parts: Parts, written: readonly Edit[]): readonly Pair[] {
  const rewordings = [...new Map(written.map((edit) => [editKey(edit), edit])).values()];
  const [descriptions, instructions] = ([0, 1] as const).map((part) => [
    undefined,
    ...rewordings.filter((edit) => partIn(parts, edit) === part).slice(0, rewordingsMax),
  ]);
  return (descriptions ?? []).flatMap((one) =>
    (instructions ?? []).map((other): Pair => {
      const edits = [one, other].filter((edit) => edit !== undefined);
      return { edits, point: pointOf(parts, edits) };
    }),
  );
}

/** Which part an edit rewords; `undefined` where it does something else. */
function partIn(parts: Parts, edit: Edit): 0 | 1 | undefined {
  if (edit.op !== 'replace') return undefined;
  if (parts[0].includes(edit.find)) return 0;
  return parts[1].includes(edit.find) ? 1 : undefined;
}

/** The embeddings of both parts after the edits, one behind the other, of length 1 together. */
function pointOf(parts: Parts, edits: readonly Edit[]): Float32Array {
  const [description, rest] = parts.map((text, part) =>
    edits.reduce(
      (before, edit) =>
        edit.op === 'replace' && partIn(parts, edit) === part
          ? before.replace(edit.find, () => edit.text)
          : before,
      text,
    ),
  );
  const both = [...ngramEmbedding(description ?? ''), ...ngramEmbedding(rest ?? '')];
  return Float32Array.from(both, (value) => value / Math.SQRT2);
}

/** What pairs were worth that were tried on this prompt, the oldest first, and what the incumbent is worth. */
function scoredPairs(parts: Parts, { tried, archive, incumbent }: OptimizerContext): readonly ScoredPoint[] {
  const own = archive.find(({ variant }) => variant.id === incumbent.id)?.score ?? null;
  const scored = tried.flatMap(({ edits, score }) =>
    score !== null && edits.every((edit) => partIn(parts, edit) !== undefined) ? [{ edits, score }] : [],
  );
  return [...(own === null ? [] : [{ edits: [], score: own }]), ...scored]
    .slice(-historyMax)
    .map(({ edits, score }) => ({ point: pointOf(parts, edits), score: score / 100 }));
}

function nameOf(edits: readonly Edit[]): string {
  return edits.map(editKey).toSorted().join(' ');
}

const instruction =
  'The notes are the two parts of the prompt: what it says of the task, and how to go about it. Each proposal rewords one ' +
  'of them, or a sentence of it, with a single `replace`, and keeps what it means: say the same more clearly, in another ' +
  'order, or more forcefully. Reword both parts, by turns; each proposal stands for itself.';
