import { beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { optimizerNames } from '../../src/domain/optimizer-names.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { loadWorld } from '../../src/upstream/simulated/load-world.ts';
import type { World } from '../../src/upstream/simulated/world.ts';
import { firstPromotions, promotionsOf } from './promotions-of.ts';

const requests = 1_400;

/** What they do is worth nothing among these clauses; each is tested in a world of its own. */
const inOwnWorlds: ReadonlySet<string> = new Set(['exemplars', 'rephrase', 'structure', 'prune']);

let world: World;
beforeAll(async () => {
  world = await loadWorld(join(packageRoot(), 'worlds', 'contract-clauses.json'));
});

describe('each optimizer alone', () => {
  it.each(optimizerNames.filter((name) => !inOwnWorlds.has(name)))(
    '%s proposes an edit that the gate promotes, and none that does harm',
    async (optimizer) => {
      const task = { learner: { optimizers: [optimizer] } };
      const found = await firstPromotions((seed) => promotionsOf(optimizer, world, { task, seed, requests }));
      expect(found.harmful).toBe(0);
      expect(found.promoted).toBeGreaterThan(0);
    },
  );
});
