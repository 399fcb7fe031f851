import type { Random } from '../../domain/random.ts';
import type { TriedChange } from '../edit-history.ts';
import { editNote } from '../edit-note.ts';
import type { Optimizer, OptimizerContext, Suggestion } from '../optimizer.ts';
import { selectFailures } from '../trace-selection.ts';

/** Failures that are shown. */
const examplesMax = 3;

/** A way to work that a prompt can ask for: sections, in their order, each a line of its own. */
export interface Composition {
  readonly name: string;
  readonly sections: readonly string[];
}

/** What may be composed. Declarative and bounded: a handful of named sections, and nothing that is run. */
export const compositions: readonly Composition[] = [
  { name: 'draft, check, answer', sections: ['Draft', 'Check', 'Answer'] },
  { name: 'facts, rule, answer', sections: ['Facts', 'Rule', 'Answer'] },
  { name: 'plan, steps, answer', sections: ['Plan', 'Steps', 'Answer'] },
  { name: 'options, choice', sections: ['Options', 'Choice'] },
];

/**
 * Another way to work, in one prompt: Hu et al., "Automated Design of Agentic Systems" (ADAS, 2024), and the structure
 * optimizer of metaTextGrad (2025). A model fills in the sections of a composition for the task, looks at its own proposal
 * once, and the archive of what was tried stands before it with its scores.
 *
 * As published: an archive that only grows, shown with its fitness; a proposal, then self-reflection on novelty and on
 * what is wrong with it. Changed on purpose:
 * - a composition is text with named sections in one prompt, never code: what a model writes is not executed, and no
 *   further calls are made for a user's request;
 * - which composition is drawn by us, first those that were not tried, then by score; the model fills in its sections; what has another
 *   form is dropped;
 * - one reflection instead of two, on all proposals of a turn at once, and no debugging, since nothing runs;
 * - fitness is what the gate released on fresh requests, and the gate decides, not 128 validation examples.
 * Two calls a turn.
 */
export const structure: Optimizer = {
  name: 'structure',
  calls: 2,
  batchSize: examplesMax,
  propose: async (context) => {
    const { incumbent, traces, tried, random, ask, batchSize = examplesMax } = context;
    const free = compositions.filter(({ sections }) =>
      incumbent.edits.every((edit) => !('text' in edit) || !isComposed(edit.text, sections)),
    );
    const composition = drawComposition(free, tried, random);
    if (composition === undefined) return { candidates: [] };
    const archive = tried.filter((change) => compositionOf(change) !== undefined);
    const examples = selectFailures(traces, batchSize, random);
    const instruction = instructionFor(composition, context);
    const drafts = await ask({ instruction, examples, history: archive });
    const composed = drafts.filter((draft) => isSuggestionOf(draft, composition));
    if (composed.length === 0) return { candidates: [] };
    const reflected = await ask({
      instruction: `${instruction} ${reflection}`,
      examples,
      history: archive,
      notes: composed.map(({ edits }) => editNote(edits)),
      count: composed.length,
    });
    const better = reflected.filter((draft) => isSuggestionOf(draft, composition));
    const kept = better.length === 0 ? composed : better;
    return { candidates: kept.map(({ edits }) => [...incumbent.edits, ...edits]) };
  },
};

/** Whether a text is a composition: a line for each section, in their order, and nothing else. */
export function isComposed(text: string, sections: readonly string[]): boolean {
  const lines = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  return (
    lines.length === sections.length &&
    sections.every((section, index) => {
      const line = lines[index] ?? '';
      return line.startsWith(`${section}:`) && line.length > section.length + 2;
    })
  );
}

function isSuggestionOf({ edits }: Suggestion, { sections }: Composition): boolean {
  const [edit, ...others] = edits;
  return others.length === 0 && edit?.op === 'insert' && isComposed(edit.text, sections);
}

function compositionOf({ edits }: TriedChange): Composition | undefined {
  return compositions.find((composition) => isSuggestionOf({ intent: '', edits }, composition));
}

/** One that was not tried, at random; else one of those that were not turned down, the best first. */
function drawComposition(
  free: readonly Composition[],
  tried: readonly TriedChange[],
  random: Random,
): Composition | undefined {
  const known = new Set(tried.flatMap((change) => compositionOf(change) ?? []));
  const untried = free.filter((composition) => !known.has(composition));
  if (untried.length > 0) return untried[Math.floor(random.next() * untried.length)];
  const best = tried
    .filter(({ outcome }) => outcome !== 'rejected' && outcome !== 'rolled-back')
    .toSorted((one, other) => (other.score ?? 0) - (one.score ?? 0));
  return best
    .map(compositionOf)
    .find((composition) => composition !== undefined && free.includes(composition));
}

function instructionFor({ name, sections }: Composition, { growthCharactersMax }: OptimizerContext): string {
  const lines = sections.map((section) => `"${section}: …"`).join(', then ');
  const room = Number.isFinite(growthCharactersMax)
    ? ` of at most ${growthCharactersMax} characters together`
    : '';
  return (
    `Compose a way to work for the task: ${name}. Each proposal is a single \`insert\` whose text is ${sections.length} ` +
    `lines, ${lines}${room}: each says in a sentence what the assistant does in that step before it gives its answer, and ` +
    'how. Only the last step is written out, in the form that the prompt asks for. Fit the steps to what the examples ' +
    'got wrong.'
  );
}

const reflection =
  'The notes are your own drafts. Look at each again: is it new against the history, does it mend what went wrong, does it ' +
  'keep the form of the answer? Write it anew where not, and repeat it where it is.';
