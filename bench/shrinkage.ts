import { parseArgs } from 'node:util';
import { simulateWorld } from '../src/cli/world-run/simulate-world.ts';
import { readShrinkage } from '../src/gate/read-shrinkage.ts';
import { shrinkageOf, type PromotionOutcome } from '../src/gate/shrinkage.ts';
import type { Store } from '../src/store/store.ts';
import { loadWorld } from '../src/upstream/simulated/load-world.ts';

/**
 * What promotions promised in shadow beside what came of them live, over many runs of one world. The report is the one
 * that `ratchet report` makes, read when each run is over; the simulation adds nothing that a deployment would not know.
 *
 * npm run bench:shrinkage -- --world worlds/contract-clauses.json --seeds 10 --requests 12000
 */
const usage = 'npm run bench:shrinkage -- --world FILE [--seeds 10] [--requests 12000]';

const { values } = parseArgs({
  options: {
    world: { type: 'string' },
    seeds: { type: 'string', default: '10' },
    requests: { type: 'string', default: '12000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || values.world === undefined) {
  process.stdout.write(`${usage}\n`);
  process.exit(values.help ? 0 : 2);
}

const promotions: PromotionOutcome[] = [];
for (let seed = 1; seed <= Number(values.seeds); seed += 1) {
  let store: Store | undefined;
  const world = await loadWorld(values.world);
  await simulateWorld({
    world,
    seed,
    requests: Number(values.requests),
    wrapStore: (made) => {
      store = made;
      return made;
    },
  });
  for (const { task } of (await store?.readSnapshot(0))?.tasks ?? [])
    if (store !== undefined) promotions.push(...(await readShrinkage(task.id, store)).promotions);
}

/** Promotions by how much was promised: where estimates shrink, those that promised most shrink most. */
const bands: readonly (readonly [string, number, number])[] = [
  ['all', -1, 2],
  ['up to .08', -1, 0.08],
  ['.08 to .14', 0.08, 0.14],
  ['above .14', 0.14, 2],
];
print('| promised in shadow | promotions | shadow | live | share that arrived |');
print('|---|---|---|---|---|');
for (const [name, low, high] of bands) {
  const of = promotions.filter(({ shadow }) => shadow !== null && shadow.mean > low && shadow.mean <= high);
  const { compared, shadowMean, liveMean, kept } = shrinkageOf(of);
  if (shadowMean === null || liveMean === null || kept === null) continue;
  print(
    `| ${name} | ${compared} | ${shadowMean.toFixed(3)} | ${liveMean.toFixed(3)} | ${kept.ratio.toFixed(2)} ± ${kept.standardError.toFixed(2)} |`,
  );
}
print(
  `promotions with a live interval below zero: ${shrinkageOf(promotions).harmful} of ${promotions.length}`,
);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
