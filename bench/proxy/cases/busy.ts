import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { startRatchet, type RatchetContender } from '../contenders/ratchet.ts';
import { seedTasks } from '../contenders/seed-tasks.ts';
import { chatOfTasks } from '../load/requests.ts';
import { readUsage } from '../measures/process-usage.ts';
import { takeTurns } from './rounds.ts';
import { assertAnswered } from './saturation.ts';

/** Tasks that learner and gate go through again and again. */
const tasks = 200;

/** Requests per second of the users meanwhile. */
const rate = 500;

/**
 * Measures what users notice of learner and gate at full load: two Ratchets with the same tasks, one whose learner and
 * gate never rest, all threads of each on one core. Of the two the one that is not measured is halted.
 */
export async function runBusy(bench: Bench): Promise<void> {
  const where = { upstreamPort: bench.jsonUpstream.port, tools: bench.tools };
  bench.tell(`making a database with ${tasks} tasks`);
  const seed = await seedTasks(join(bench.folder, 'busy'), { tasks, edited: 2, kind: 'named' }, where);
  const request = chatOfTasks(tasks, 'named');
  const start = (name: string, isBusy: boolean): Promise<RatchetContender> =>
    startRatchet(
      { name, seed, record: 'full', traces: undefined, isBusy },
      bench.jsonUpstream.port,
      bench.tools,
    );
  const contenders = [await start('ratchet-full', false), await start('ratchet-busy', true)];
  try {
    for (const contender of contenders)
      await bench.generator.saturate(contender, request, { connections: 16, seconds: bench.options.seconds });
    for (const { pid } of contenders) halt(pid, 'SIGSTOP');
    await takeTurns(bench, 'busy', contenders, async (contender) => {
      const { pid = 0, name } = contender;
      halt(pid, 'SIGCONT');
      await delay(300);
      const before = readUsage(pid);
      const startedAt = performance.now();
      const found = await bench.generator.pace(contender, request, { rate, seconds: bench.options.seconds });
      const after = readUsage(pid);
      const micros = (performance.now() - startedAt) * 1000;
      halt(pid, 'SIGSTOP');
      assertAnswered(contender, { requests: found.requests, errors: found.errors + found.unanswered });
      const background =
        after.cpuMicros - before.cpuMicros - ((after.mainMicros ?? 0) - (before.mainMicros ?? 0));
      const add = (measure: string, value: number): void =>
        bench.results.add({ case: 'busy', contender: name, measure }, value);
      add('p50Ms', found.latencyMs.p50);
      add('p99Ms', found.latencyMs.p99);
      add('backgroundShare', background / micros);
      const { p50, p99 } = found.latencyMs;
      return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, background threads use ${((100 * background) / micros).toFixed(0)} % of a core`;
    });
  } finally {
    for (const { pid } of contenders) halt(pid, 'SIGCONT');
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

function halt(pid: number | undefined, signal: 'SIGSTOP' | 'SIGCONT'): void {
  if (pid !== undefined) process.kill(pid, signal);
}
