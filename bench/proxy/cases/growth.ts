import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { startBare } from '../contenders/bare.ts';
import type { Contender } from '../contenders/contender.ts';
import { startRatchet } from '../contenders/ratchet.ts';
import { seedChats } from '../contenders/seed-chats.ts';
import { seedTasks, type TaskSeed } from '../contenders/seed-tasks.ts';
import { stopContenders } from '../contenders/start-contenders.ts';
import { chatOfBytes, chatOfTasks, chatOfTurns, smallChat, type RequestTemplate } from '../load/requests.ts';
import type { ClosedLoopResult } from '../load/closed-loop.ts';
import { measureSaturation } from '../measures/measure-saturation.ts';
import { readUsage } from '../measures/process-usage.ts';
import { assertAnswered, openConversations } from './saturation.ts';
import { takeTurns } from './rounds.ts';

/** Something that grows, and how its cost is measured at one size. */
interface Point {
  readonly size: number;
  readonly request: RequestTemplate;
  /** Sent before, so that requests are turns of conversations that are known. */
  readonly opening?: RequestTemplate;
  readonly contender: Contender;
}

/** Sizes of each curve, smallest first. */
const sizes = {
  arms: [2, 10, 100, 1_000],
  tasks: [1, 10, 100, 1_000, 10_000],
  kilobytes: [1, 4, 16, 64, 256, 1_024],
  turns: [1, 5, 20, 50, 200],
} as const;

const connections = 16;

/** How long a Ratchet at rest is watched: two cycles of the learner, six of the gate; and how long it may start. */
const restMs = 30_000;
const restStartMs = 5_000;

/** Bytes of the requests of one load, so that large ones take no longer, and the bounds of their number. */
const loadBytes = 40_000_000;
const loadRequests = { min: 200, max: 10_000 } as const;

/** Measures what a request costs as arms, tasks, bodies and conversations grow. */
export async function runGrowth(bench: Bench): Promise<void> {
  await growArms(bench);
  await growTasks(bench, 'named');
  await growTasks(bench, 'automatic');
  await growBoth(bench);
  await growRequests(bench, 'kilobytes', (kilobytes) => ({ request: chatOfBytes(kilobytes * 1024) }));
  await growRequests(bench, 'turns', (turns) => ({ request: chatOfTurns(turns), opening: chatOfTurns(1) }));
}

/** All sizes, or the ends only where there is little time. */
function sizesOf(bench: Bench, kind: keyof typeof sizes): readonly number[] {
  const all: readonly number[] = sizes[kind];
  return bench.options.isQuick ? all.filter((_, index) => index === 0 || index === all.length - 1) : all;
}

async function growArms(bench: Bench): Promise<void> {
  const points: Point[] = [];
  for (const size of sizesOf(bench, 'arms')) {
    const folder = join(bench.folder, `arms-${size}`);
    const seed = await seedChats(folder, [smallChat], size - 1, placeOf(bench));
    points.push({ size, request: smallChat, contender: await startSeeded(bench, seed) });
  }
  await measurePoints(bench, 'growth-arms', points);
}

async function growTasks(bench: Bench, kind: 'named' | 'automatic'): Promise<void> {
  const points: Point[] = [];
  for (const size of sizesOf(bench, 'tasks')) {
    const seed = await seedFor(bench, `${kind}-${size}`, { tasks: size, edited: 1, kind });
    points.push({ size, request: chatOfTasks(size, kind), contender: await startSeeded(bench, seed) });
  }
  await measurePoints(bench, `growth-tasks-${kind}`, points);
  if (kind === 'named') for (const { size } of points) await measureRest(bench, `${kind}-${size}`, size);
}

/** What learner and gate use of a core with so many tasks while no request comes. */
async function measureRest(
  { results, readingUpstream, tools, folder, ...bench }: Bench,
  seed: string,
  size: number,
): Promise<void> {
  const settings = {
    name: 'ratchet',
    seed: join(folder, seed),
    record: 'metadata',
    traces: undefined,
  } as const;
  const ratchet = await startRatchet(settings, readingUpstream.port, tools);
  const { pid = 0 } = ratchet;
  await delay(restStartMs);
  const before = readUsage(pid);
  const startedAt = performance.now();
  await delay(restMs);
  const share = (readUsage(pid).cpuMicros - before.cpuMicros) / 1000 / (performance.now() - startedAt);
  await ratchet.stop();
  results.add({ case: 'rest', contender: `ratchet ${size}`, measure: 'restShare' }, share);
  bench.tell(`rest with ${size} tasks: ${(100 * share).toFixed(1)} % of a core`);
}

/** The largest of both together: 10,000 tasks, of which those that are asked for have 1,000 arms. */
async function growBoth(bench: Bench): Promise<void> {
  const hot = 10;
  const largest = { tasks: bench.options.isQuick ? 1_000 : 10_000, edited: 1, kind: 'named' } as const;
  const points: Point[] = [];
  for (const [size, seed] of [
    [1, { tasks: 1, edited: 1, kind: 'named' }],
    [largest.tasks, { ...largest, hot: { tasks: hot, edited: 999 } }],
  ] satisfies [number, TaskSeed][]) {
    const folder = await seedFor(bench, `both-${size}`, seed);
    const request = chatOfTasks(Math.min(size, hot), 'named');
    points.push({ size, request, contender: await startSeeded(bench, folder) });
  }
  await measurePoints(bench, 'growth-both', points);
}

/** Curves of the request itself, which cost the bare pass-through more as well. */
async function growRequests(
  bench: Bench,
  kind: 'kilobytes' | 'turns',
  of: (size: number) => Pick<Point, 'request' | 'opening'>,
): Promise<void> {
  const all = sizesOf(bench, kind);
  const smallest = of(all[0] ?? 1);
  const seed = await seedChats(join(bench.folder, kind), [smallest.request], 1, placeOf(bench));
  const ratchet = await startSeeded(bench, seed);
  const bare = await startBare(bench.readingUpstream.port, bench.tools);
  const points = all.map((size): Point => ({ size, ...of(size), contender: ratchet }));
  const bases = all.map((size): Point => ({ size, ...of(size), contender: bare }));
  await measurePoints(bench, `growth-${kind}`, [...points, ...bases]);
}

async function measurePoints(bench: Bench, name: string, points: readonly Point[]): Promise<void> {
  const load = async ({ contender, request }: Point): Promise<ClosedLoopResult> =>
    bench.generator.repeat(contender, request, { connections, requests: requestsOf(bench, request) });
  try {
    for (const point of points) {
      await openConversations(bench, point.contender, point.opening);
      for (let loads = 0; loads < 2; loads += 1) await load(point);
    }
    const byName = new Map(points.map((point) => [nameOf(point), point]));
    const turns = points.map((point) => ({ ...point.contender, name: nameOf(point) }));
    await takeTurns(bench, name, turns, async (turn) => {
      const point = byName.get(turn.name);
      if (point === undefined) throw new Error(`there is no ${turn.name}`);
      const measured = await measureSaturation(turn, () => load(point));
      assertAnswered(turn, measured);
      const add = (measure: string, value: number): void =>
        bench.results.add({ case: name, contender: turn.name, measure }, value);
      add('cpuMicros', measured.cpuMicros);
      add('mainMicros', measured.mainMicros);
      return `${measured.cpuMicros.toFixed(1)} µs/request (${measured.mainMicros.toFixed(1)} on the main thread)`;
    });
  } finally {
    await stopContenders([...new Set(points.map(({ contender }) => contender))]);
  }
}

/** Counted requests, since those that a load by time cuts off would weigh much where requests are large. */
function requestsOf({ options }: Bench, { body }: RequestTemplate): number {
  const wanted = Math.round((loadBytes / body.length) * (options.seconds / 4));
  return Math.min(loadRequests.max, Math.max(loadRequests.min, wanted));
}

/** A contender at a size, such as `ratchet 100`. */
function nameOf({ contender, size }: Pick<Point, 'contender' | 'size'>): string {
  return `${contender.name} ${size}`;
}

function placeOf(bench: Bench): { upstreamPort: number; tools: Bench['tools'] } {
  return { upstreamPort: bench.readingUpstream.port, tools: bench.tools };
}

async function seedFor(bench: Bench, name: string, seed: TaskSeed): Promise<string> {
  bench.tell(`making a database with ${seed.tasks} tasks`);
  return seedTasks(join(bench.folder, name), seed, placeOf(bench));
}

/** Without learner and gate, whose cycles have nothing to do with requests. */
function startSeeded({ tools, readingUpstream, sink }: Bench, seed: string): Promise<Contender> {
  const traces = { url: sink.url, share: 0.01 };
  const settings = { name: 'ratchet', seed, record: 'metadata', traces, isLearning: false } as const;
  return startRatchet(settings, readingUpstream.port, tools);
}
