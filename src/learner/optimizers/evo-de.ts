import type { Edit } from '../../domain/edit.ts';
import type { Random } from '../../domain/random.ts';
import type { Variant } from '../../domain/variant.ts';
import { childOf, editsBeyond } from '../combine-edits.ts';
import { editNote } from '../edit-note.ts';
import type { Optimizer, OptimizerContext } from '../optimizer.ts';

/** Members of the population, as published. */
const populationMax = 10;

/** Chance of a foreign edit to be taken over in the crossover. */
const crossoverRate = 0.5;

/** Newest earlier changes that are shown. */
const historyMax = 10;

/**
 * Differential evolution: Guo et al., "EvoPrompt: Connecting Large Language Models with Evolutionary Algorithms Yields
 * Powerful Prompt Optimizers" (2023), DE, after Storn & Price (1997). What two members of the population do differently
 * is mutated by the model, put into the best prompt, and crossed with the member whose turn it is.
 *
 * As published: population of the 10 best; only the difference of two members is mutated, since what they share has
 * proven itself; the best prompt is the base; crossover with a third member, of which the child keeps the mutation in any
 * case; no examples. Changed on purpose:
 * - the difference is that of two lists of edits, so finding it needs no model; the published one asks a model for the
 *   different parts of two texts;
 * - members that a verdict went against may give a difference, since it is mutated and may work in another form, but are
 *   never crossed in;
 * - the best prompt is the incumbent, which the gate compares with;
 * - whether the child replaces anything is the gate's decision.
 * Before two variants have a score, the difference is that of incumbent and baseline; of two baselines it is empty, and
 * the model mutates the prompt as it stands.
 */
export const evoDe: Optimizer = {
  name: 'evo-de',
  propose: async (context) => {
    const { incumbent, tried, random, ask } = context;
    const difference = drawDifference(context);
    const suggestions = await ask({
      instruction: difference.length === 0 ? variation : mutation,
      examples: [],
      history: tried.slice(-historyMax),
      notes: difference.map((edit) => editNote([edit])),
    });
    const candidates = suggestions.map(({ edits }) => {
      const third = drawOne(context.archive, random)?.variant ?? incumbent;
      const foreign = editsBeyond(third.edits, incumbent.edits).filter(() => random.next() < crossoverRate);
      return childOf(incumbent, { edits: foreign }, edits);
    });
    return { candidates };
  },
};

/** The edits that one of two members has and the other has not. */
function drawDifference({ incumbent, tried, random }: OptimizerContext): readonly Edit[] {
  const scored = tried
    .filter(({ score, outcome }) => score !== null && outcome !== 'open')
    .toSorted((one, other) => (other.score ?? 0) - (one.score ?? 0));
  const members = new Map<string, Variant>([[incumbent.id, incumbent]]);
  for (const { variant } of scored) if (members.size < populationMax) members.set(variant.id, variant);
  const population = [...members.values()];
  const one = drawOne(population, random)?.edits ?? [];
  const other = drawOne(
    population.filter(({ edits }) => edits !== one),
    random,
  );
  return [...editsBeyond(one, other?.edits ?? []), ...editsBeyond(other?.edits ?? [], one)];
}

function drawOne<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[Math.floor(random.next() * items.length)];
}

const mutation =
  'Each note is an edit, as JSON, that one of two good prompts has and the other has not. What they share is proven; ' +
  'what they do not share is where something may be gained. Mutate the notes: each proposal takes the idea of one of ' +
  'them and gives it another form, sharper, more general, or turned to its opposite, as edits of `prompt`.';

const variation =
  'Mutate the prompt: each proposal is one small change of meaning or of wording that might make the answers better. ' +
  'Let the mutations differ from each other and from the history in kind, not only in words.';
