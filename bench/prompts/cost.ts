import { createDirectoryWorld } from '../../src/proxy/recognition.case.ts';
import type { TaskDirectory } from '../../src/proxy/task-directory.ts';
import { quantile } from '../statistics.ts';

/** What finding the task of a prompt takes, microseconds. */
export interface LookUp {
  readonly name: string;
  /** Tasks that were known before. */
  readonly tasks: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

type World = ReturnType<typeof createDirectoryWorld>;

/** The prompt of the `n`th request. */
type Prompts = (n: number) => string;

const rounds = 4_000;
/** Before it is measured, the code is compiled. */
const warmUp = 1_000;
/** Ten requests a millisecond would be more than any proxy serves: new prompts have their own budget of time. */
const stepMs = 1;

const scopes = 10;

/** Measures each kind of prompt on a directory of its own. */
export function measureLookUps(): readonly LookUp[] {
  return [
    measure('known', 1, () => promptOf(0, 'Monday')),
    measure('known', 10_000, (n) => promptOf(n % 10_000, 'Monday')),
    measure('known template, new values', 1, (n) => promptOf(0, valueOf(n))),
    measure('known template, new values', 10_000, (n) => promptOf(n % 10_000, valueOf(n))),
    measure('known, 100 KB', 1, () => long(0)),
    measure('known template of 100 KB, new values', 1, (n) => long(n)),
    measure('new each time', 1, (n) => unlike(n)),
    measure('hostile: a frame around new text each time', 1, (n) => framed(n)),
  ];
}

function measure(name: string, tasks: number, prompts: Prompts): LookUp {
  const world = createDirectoryWorld();
  const isKnown = name.startsWith('known');
  fill(world, tasks);
  const micros: number[] = [];
  for (let n = 0; n < warmUp + rounds; n += 1) {
    const prompt = prompts(n);
    const scope = scopeOf(n % tasks);
    world.clock.ms += stepMs;
    const startedAt = performance.now();
    const match = world.directory.automatic(scope, prompt, true);
    if (n < warmUp) continue;
    micros.push((performance.now() - startedAt) * 1_000);
    if (isKnown && (match === undefined || match.slots === null)) throw new Error(`${name}: not recognised`);
  }
  micros.sort((one, other) => one - other);
  return {
    name,
    tasks,
    p50: quantile(micros, 0.5),
    p99: quantile(micros, 0.99),
    max: quantile(micros, 1),
  };
}

/** Has tasks learned with a slot for a day, in scopes of a thousand. */
function fill({ directory, clock }: World, tasks: number): void {
  for (const value of ['Monday', valueOf(1), valueOf(2)])
    for (let task = 0; task < tasks; task += 1) {
      // Slowly, so that the time for looking at new prompts is never used up.
      clock.ms += 1_000;
      learn(directory, scopeOf(task), promptOf(task, value));
    }
}

function learn(directory: TaskDirectory, scope: string, prompt: string): void {
  const match = directory.automatic(scope, prompt, true);
  if (match !== undefined) directory.keep(match.task.id);
}

function scopeOf(task: number): string {
  return `scope ${task % scopes}`;
}

/** About 1 KB with one value, as of an agent of its own. */
function promptOf(task: number, value: string): string {
  const own = words(`agent${task}`, 120);
  return `You answer for department ${task.toString(36)}x. ${own}\nToday: ${value}.\nBe brief, and say what you do not know.`;
}

function valueOf(n: number): string {
  return `2026-${String((n % 12) + 1).padStart(2, '0')}-${String((n % 28) + 1).padStart(2, '0')} ${n}`;
}

function long(n: number): string {
  return `${words('policy', 14_000)}\nTicket ${n}.\n${words('rules', 200)}`;
}

function unlike(n: number): string {
  return words(`n${n.toString(36)}`, 120);
}

/** What costs most: enough in common for a comparison, never enough to be recognised. */
function framed(n: number): string {
  return `${words('frame', 60)}\n${words(`m${n.toString(36)}`, 120)}\n${words('end', 60)}`;
}

/** So many words that no other kind of prompt has. */
function words(kind: string, count: number): string {
  return Array.from({ length: count }, (_, k) => `${kind}${((k * 7_919) % 9_973).toString(36)}`).join(' ');
}
