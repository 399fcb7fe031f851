import { createSeededRandom } from '../runtime/seeded-random.ts';
import { exampleScores } from './example-scores.ts';
import { prompt, variantOf } from './fixtures.case.ts';
import type { OptimizerContext } from './optimizer.ts';

/** What an optimizer is given in a test: an incumbent without edits, no traces, a model that says nothing. */
export function contextOf(change: Partial<OptimizerContext> = {}): OptimizerContext {
  const incumbent = change.incumbent ?? variantOf();
  return {
    incumbent,
    prompt,
    traces: [],
    tried: [],
    archive: [{ variant: incumbent, score: 50 }],
    scoresByExample: exampleScores(change.traces ?? []),
    growthCharactersMax: 200,
    count: 3,
    random: createSeededRandom(1),
    ask: async () => [],
    ...change,
  };
}
