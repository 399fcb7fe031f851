import { chooseCandidates, createInsight } from './insight.ts';
import type { OptimizerModel } from './optimizer-model.ts';
import type { ReplayModel } from './replay-model.ts';
import { hashOf } from './seeded-hash.ts';
import type { ReplayWorld } from './world.ts';

/**
 * The optimizer of a replay world: it replaces the whole prompt by a recorded one that is neither current nor in the
 * history shown; with insight by the one of highest recorded accuracy, else by any, all alike.
 */
export function createRecordOptimizer(world: ReplayWorld, model: ReplayModel, seed: number): OptimizerModel {
  const insightOf = createInsight(world.optimizer);
  return ({ ownPrompt, payload, number }) => {
    const tried = new Set([
      payload.prompt,
      ...payload.history.flatMap(({ edits }) =>
        edits.flatMap(({ find, text }) => [find ?? [], text ?? []].flat()),
      ),
    ]);
    return chooseCandidates(
      model.recordings().filter(({ prompt }) => !tried.has(prompt.text)),
      { count: payload.count, insight: insightOf(ownPrompt), luck: hashOf(seed, 'optimizer', number) },
      { worth: ({ accuracy }) => accuracy, weight: () => 1 },
    ).map(({ prompt }) => ({
      op: 'replace',
      find: payload.prompt,
      text: prompt.text,
      intent: `use the recorded prompt ${prompt.id}`,
    }));
  };
}
