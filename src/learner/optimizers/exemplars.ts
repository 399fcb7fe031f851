import { editKey } from '../../domain/edit-key.ts';
import type { Edit } from '../../domain/edit.ts';
import type { Random } from '../../domain/random.ts';
import type { Trace } from '../../domain/trace.ts';
import type { Variant } from '../../domain/variant.ts';
import { publishedExpoExemplars, type ScoredPoint } from '../../stats/expo.ts';
import { ngramEmbedding } from '../../stats/ngram-embedding.ts';
import { demonstrationOf } from '../demonstration.ts';
import { drawWeighted } from '../draw-weighted.ts';
import { expoOdds } from '../expo-odds.ts';
import type { Optimizer, OptimizerContext } from '../optimizer.ts';
import { selectAtRandom } from '../trace-selection.ts';

/** Exemplars of one sequence at most, records that they come from, and random sequences of one turn, as published. */
const lengthMax = 20;
const recordsMax = 30;
const randomSequences = 256;

/** Newest scored sequences that estimators are fitted to. */
const historyMax = 60;

/**
 * Sequences of demonstrations, by an adversarial bandit over them: EXPO-ES, algorithm 2 of Chen et al., "EXPO:
 * meta-prompt optimization by adversarial bandits". Demonstrations are requests whose right answer came with feedback
 * (`expected`). After each scored sequence an estimator is fitted over embeddings of sequences; new ones are scored by the
 * sum over all estimators of the past (`stats/expo.ts`), and drawn by softmax.
 *
 * As published: sequences of at most 20 from 30 records, 256 random ones and the one of the best records a turn; sums
 * over all past estimators, η = 10, no forgetting, no floor; before anything is scored, uniform draws. Changed on
 * purpose:
 * - the estimator is a ridge regression over n-gram embeddings instead of a network over bought ones: sequences that
 *   were tried count in dozens, not in hundreds; `learner.expo` has a small network too;
 * - a score is what the gate released of a campaign, on fresh requests;
 * - the records are the newest with a right answer; the best of them are those that the prompt answers worst, since a
 *   demonstration of what works teaches little;
 * - a sequence keeps the incumbent's demonstrations or some of them, and is as long as one step may be;
 * - as many sequences are drawn as there is room for, not one.
 * Asks no model.
 */
export const exemplars: Optimizer = {
  name: 'exemplars',
  calls: 0,
  propose: async (context) => {
    const { incumbent } = context;
    const records = recordsOf(context);
    if (records.length === 0) return { candidates: [] };
    const tried = new Set([incumbent, ...context.tried.map(({ variant }) => variant)].map(nameOf));
    const sequences = new Map<string, Sequence>();
    for (const sequence of sequencesFrom(records, context)) {
      const name = nameOf({ edits: sequence.edits });
      if (!tried.has(name)) sequences.set(name, sequence);
    }
    const chosen = draw([...sequences.values()], scoredSequences(context), context);
    return {
      candidates: chosen.map(({ edits }) => edits),
      shown: [...new Set(chosen.flatMap(({ quotes }) => quotes))],
    };
  },
};

/** A request with a right answer, as a demonstration. */
interface Exemplar {
  readonly edit: Edit;
  readonly trace: Trace;
}

/** The whole list of edits with a sequence of demonstrations, and what it quotes anew. */
interface Sequence {
  readonly edits: readonly Edit[];
  readonly quotes: readonly Trace[];
}

/** The newest records of different inputs, the worst answered first. */
function recordsOf({
  traces,
  scoresByExample,
  incumbent,
  growthCharactersMax,
}: OptimizerContext): readonly Exemplar[] {
  const known = new Set(incumbent.edits.map(editKey));
  const pool = [...new Set([...traces, ...scoresByExample.flatMap((kind) => kind.traces)])];
  const newest = pool.toSorted((one, other) => other.decision.atMs - one.decision.atMs);
  const byInput = new Map<string, Exemplar>();
  for (const trace of newest) {
    const edit = demonstrationOf(trace, growthCharactersMax);
    const { inputHash } = trace.decision;
    if (edit === undefined || known.has(editKey(edit)) || byInput.has(inputHash)) continue;
    byInput.set(inputHash, { edit, trace });
  }
  return [...byInput.values()]
    .slice(0, recordsMax)
    .toSorted((one, other) => (one.trace.reward ?? 1) - (other.trace.reward ?? 1));
}

/** The sequence of the best records, and random ones: half of them keep all of the incumbent's demonstrations. */
function sequencesFrom(
  records: readonly Exemplar[],
  { incumbent, growthCharactersMax, random }: OptimizerContext,
): readonly Sequence[] {
  const best = sequenceOf(incumbent.edits, records, { length: lengthMax, growthCharactersMax });
  const drawn = Array.from({ length: randomSequences }, () => {
    const isKept = random.next() < 1 / 2;
    const kept = incumbent.edits.filter(({ op }) => op !== 'add-example' || isKept || random.next() < 1 / 2);
    const length = 1 + Math.floor(random.next() * Math.min(lengthMax, records.length));
    return sequenceOf(kept, shuffled(records, random), { length, growthCharactersMax });
  });
  return [best, ...drawn];
}

function sequenceOf(
  kept: readonly Edit[],
  order: readonly Exemplar[],
  { length, growthCharactersMax }: { readonly length: number; readonly growthCharactersMax: number },
): Sequence {
  const room = lengthMax - kept.filter(({ op }) => op === 'add-example').length;
  const taken: Exemplar[] = [];
  let characters = 0;
  for (const exemplar of order) {
    const size = 'text' in exemplar.edit ? exemplar.edit.text.length : 0;
    if (taken.length >= Math.min(length, room)) break;
    if (characters + size > growthCharactersMax) continue;
    characters += size;
    taken.push(exemplar);
  }
  return { edits: [...kept, ...taken.map(({ edit }) => edit)], quotes: taken.map(({ trace }) => trace) };
}

/** What sequences were worth that were tried, the oldest first, and what the incumbent's is worth. */
function scoredSequences({ tried, archive, incumbent }: OptimizerContext): readonly ScoredPoint[] {
  const own = archive.find(({ variant }) => variant.id === incumbent.id);
  const scored = [...(own === undefined ? [] : [own]), ...tried];
  return scored
    .flatMap(({ variant, score }) =>
      score === null ? [] : [{ point: embeddingOf(variant.edits), score: score / 100 }],
    )
    .slice(-historyMax);
}

function draw(
  sequences: readonly Sequence[],
  history: readonly ScoredPoint[],
  context: Pick<OptimizerContext, 'count' | 'expo' | 'random'>,
): readonly Sequence[] {
  const points = sequences.map(({ edits }) => embeddingOf(edits));
  const probabilities = expoOdds(history, points, publishedExpoExemplars, context);
  let left = sequences.map((sequence, index) => ({ sequence, probability: probabilities[index] ?? 0 }));
  const chosen: Sequence[] = [];
  while (chosen.length < context.count) {
    const next = drawWeighted(left, ({ probability }) => probability, context.random);
    if (next === undefined) break;
    chosen.push(next.sequence);
    left = left.filter((each) => each !== next);
  }
  return chosen;
}

function embeddingOf(edits: readonly Edit[]): Float32Array {
  return ngramEmbedding(edits.flatMap((edit) => (edit.op === 'add-example' ? [edit.text] : [])).join('\n'));
}

function nameOf({ edits }: Pick<Variant, 'edits'>): string {
  return edits.map(editKey).join(' ');
}

function shuffled(records: readonly Exemplar[], random: Random): readonly Exemplar[] {
  const byTrace = new Map(records.map((exemplar) => [exemplar.trace, exemplar]));
  const traces = selectAtRandom([...byTrace.keys()], records.length, random);
  return traces.flatMap((trace) => byTrace.get(trace) ?? []);
}
