import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { RunReport } from '../src/cli/world-run/run-report.ts';
import { simulateWorld } from '../src/cli/world-run/simulate-world.ts';
import type { TaskSnapshot } from '../src/store/plan-store.ts';
import { loadWorld } from '../src/upstream/simulated/load-world.ts';

/**
 * Simulates one world under many seeds and adds up what the promises are about: how often the prompt truly got better,
 * how many promotions were harmful, and whether a shift that hurt an arm with traffic was noticed.
 *
 * npm run bench:seeds -- --world worlds/contract-clauses.json --seeds 10 --requests 20000 --phrase "who owes what"
 */
interface Job {
  readonly path: string;
  readonly requests: number;
  /** Arms whose edits hold this phrase count as exposed to the first shift. */
  readonly phrase: string;
  readonly seeds: readonly number[];
}

interface SeedResult {
  readonly report: RunReport;
  /** Share of traffic of arms with the phrase, just before the first shift. */
  readonly exposure: number;
}

/** An alarm within this many requests after the shift counts as one about it. */
const noticedWithin = 1_500;

const usage = 'npm run bench:seeds -- --world FILE [--seeds 10] [--requests 20000] [--phrase TEXT]';

async function runSeed(job: Job, seed: number): Promise<SeedResult> {
  const world = await loadWorld(job.path);
  const shift = world.shifts[0]?.atRequest ?? Number.POSITIVE_INFINITY;
  let exposure = 0;
  const report = await simulateWorld({
    world,
    seed,
    requests: job.requests,
    onRequest: (request, snapshot) => {
      if (request === shift - 1) exposure = shareWith(job.phrase, snapshot);
    },
  });
  return { report, exposure };
}

function shareWith(phrase: string, snapshot: TaskSnapshot | undefined): number {
  if (phrase === '' || snapshot === undefined) return 0;
  return snapshot.variants
    .filter(({ edits }) => JSON.stringify(edits).toLowerCase().includes(phrase.toLowerCase()))
    .reduce((sum, { id }) => sum + (snapshot.routing.probabilities[id] ?? 0), 0);
}

/** Spreads the seeds over as many threads as there are cores; results come in the order of the seeds. */
async function runSeeds(job: Job): Promise<readonly SeedResult[]> {
  const threads = Math.min(availableParallelism(), job.seeds.length);
  const shares = Array.from({ length: threads }, (_, thread) =>
    job.seeds.filter((_seed, index) => index % threads === thread),
  );
  const found = await Promise.all(
    shares.map(
      async (seeds) =>
        await new Promise<readonly SeedResult[]>((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: { ...job, seeds } });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  return found.flat().toSorted((one, other) => one.report.seed - other.report.seed);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tell(results: readonly SeedResult[], shift: number | undefined): void {
  print('seed  baseline  final   best    promoted harmful rolled-back  exposed  alarms');
  for (const { report, exposure } of results) {
    const alarms = report.alarms.map(({ atRequest, cause }) => `${atRequest} ${cause}`).join(', ');
    const cells = [
      String(report.seed).padStart(4),
      report.baseline.toFixed(3).padStart(9),
      report.final.toFixed(3).padStart(7),
      report.best.toFixed(3).padStart(7),
      String(report.campaigns.promoted).padStart(8),
      String(report.harmfulPromotions).padStart(7),
      String(report.campaigns.rolled_back).padStart(11),
      exposure >= 0.5 ? `${(exposure * 100).toFixed(0)} %`.padStart(8) : '     not',
    ];
    print(`${cells.join(' ')}  ${alarms}`);
  }
  const sum = (of: (result: SeedResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const exposed = results.filter(({ exposure }) => exposure >= 0.5);
  const isNoticed = ({ report }: SeedResult): boolean =>
    report.alarms.some(
      ({ atRequest }) => atRequest >= (shift ?? 0) && atRequest <= (shift ?? 0) + noticedWithin,
    );
  print(
    [
      `better than the agent's own prompt: ${results.filter(({ report }) => report.final > report.baseline).length} of ${results.length} seeds`,
      `promotions: ${sum(({ report }) => report.campaigns.promoted)}, harmful: ${sum(({ report }) => report.harmfulPromotions)}`,
      `alarm within ${noticedWithin} requests of the first shift: ${exposed.filter(isNoticed).length} of ${exposed.length} exposed seeds`,
      `true mean reward: ${(sum(({ report }) => report.trueMeanReward.total) / results.length).toFixed(3)}, with the agent's own prompt all along ${(sum(({ report }) => report.baselineOnly.total) / results.length).toFixed(3)}`,
    ].join('\n'),
  );
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      world: { type: 'string' },
      seeds: { type: 'string', default: '10' },
      requests: { type: 'string', default: '20000' },
      phrase: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.world === undefined) {
    process.stdout.write(`${usage}\n`);
    process.exit(values.help ? 0 : 2);
  }
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
  const world = await loadWorld(values.world);
  const job = { path: values.world, requests: Number(values.requests), phrase: values.phrase, seeds };
  tell(await runSeeds(job), world.shifts[0]?.atRequest);
} else {
  const job: Job = workerData;
  const results: SeedResult[] = [];
  for (const seed of job.seeds) results.push(await runSeed(job, seed));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin.
  parentPort?.postMessage(results);
}
