import { makeVariant, type Variant } from '../../domain/variant.ts';
import { childOf, crossEdits } from '../combine-edits.ts';
import { drawWeighted } from '../draw-weighted.ts';
import type { Optimizer, OptimizerContext } from '../optimizer.ts';

/** Members of the population, as published. */
const populationMax = 10;

/** Newest earlier changes that are shown. */
const historyMax = 10;

/**
 * Genetic algorithm: Guo et al., "EvoPrompt: Connecting Large Language Models with Evolutionary Algorithms Yields
 * Powerful Prompt Optimizers" (2023), GA. Two parents are drawn by roulette over their scores, crossed, and the child is
 * mutated by the model, which sees no examples.
 *
 * As published: population of the 10 best, roulette in proportion to the score, crossover before mutation, no examples.
 * Changed on purpose:
 * - the population is what may be built on (`archive.ts`), with the scores that the gate released; it begins with the
 *   incumbent alone, and grows as tests end;
 * - crossover is uniform over edits and needs no model, so that both parents' slots and phrases stay whole; the
 *   published one asks a model to mix two texts;
 * - children keep the incumbent's edits, since that is what the gate compares them with;
 * - as many children as there is room for instead of 10, those of the same parents in one call;
 * - who survives is the gate's decision.
 */
export const evo: Optimizer = {
  name: 'evo',
  propose: async (context) => {
    const { incumbent, tried, ask } = context;
    const crossed = Array.from({ length: context.count }, () => crossParents(context));
    const candidates = [];
    for (const children of Map.groupBy(crossed, ({ id }) => id).values()) {
      const [child = incumbent] = children;
      const suggestions = await ask({
        instruction,
        examples: [],
        history: tried.slice(-historyMax),
        base: child,
        count: children.length,
      });
      candidates.push(...suggestions.map(({ edits }) => [...child.edits, ...edits]));
    }
    return { candidates };
  },
};

function crossParents({ archive, incumbent, random }: OptimizerContext): Variant {
  const population = archive.slice(0, populationMax);
  const draw = (): Variant =>
    drawWeighted(population, ({ score }) => score ?? 0, random)?.variant ?? incumbent;
  const child = crossEdits(draw().edits, draw().edits, random);
  const edits = childOf(incumbent, { edits: child }, []);
  return makeVariant(incumbent.taskId, incumbent.baselineVersion, edits);
}

const instruction =
  'Mutate the prompt: each proposal is one small change of meaning or of wording that might make the answers better, ' +
  'such as another way to put a rule, a rule that is missing, a rule that is sharper or more general, or a sentence ' +
  'less. Let the mutations differ from each other and from the history in kind, not only in words.';
