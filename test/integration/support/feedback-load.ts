import { banditFold } from '../../../src/bandit/fold.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../../../src/store/samples.case.ts';
import { openSqliteStore } from '../../../src/store/kysely/sqlite-store.ts';
import { createSystemRandom } from '../../../src/runtime/system-random.ts';

/**
 * A process that is to be killed: stores feedback in batches of three as fast as it can, every second one ahead of its
 * decision, and prints the number of each batch that the store has acknowledged.
 */
const [path = '', first = '0'] = process.argv.slice(2);
const store = await openSqliteStore({
  path,
  fold: banditFold,
  clock: { now: () => startMs },
  random: createSystemRandom(),
  mode: 'writer',
});
await store.registerTask(sampleTask());
process.stdout.write('opened\n');
for (let batch = Number(first); ; batch++) {
  const decisions = [0, 1, 2].map((index) => sampleDecision(`d${batch}-${index}`));
  const feedback = decisions.map((decision) =>
    sampleFeedback(decision.completionId ?? '', { value: (batch % 5) / 4 }),
  );
  if (batch % 2 === 0) await store.recordDecisions(decisions);
  await store.recordFeedback(feedback);
  process.stdout.write(`${batch}\n`);
  if (batch % 2 === 1) await store.recordDecisions(decisions);
}
