import type { Random } from '../domain/random.ts';
import { silentLogger } from '../domain/logger.ts';
import { defaultTaskConfig, type Task } from '../domain/task.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import { generatedAgents, type GeneratedAgent } from './agents.case.ts';
import { createTaskDirectory, type TaskDirectory, type TaskMatch } from './task-directory.ts';

/** How requests of several agents follow one another. */
export type Order = 'mixed' | 'one after the other' | 'backwards' | 'in waves';

export const orders: readonly Order[] = ['mixed', 'one after the other', 'backwards', 'in waves'];

/** One request, and what became of it. */
export interface Recognised {
  readonly agent: GeneratedAgent;
  /** How many requests of this agent came before. */
  readonly sighting: number;
  readonly prompt: string;
  readonly match: TaskMatch | undefined;
}

/** What became of one agent's requests. */
export interface AgentReport {
  readonly agent: GeneratedAgent;
  /** Tasks that its requests were instances of. */
  readonly tasks: number;
  /** Share, after so many sightings, of its requests that its main task has: these may be served by a variant. */
  readonly servedAfter: Readonly<Record<number, number>>;
}

export interface RecognitionReport {
  readonly agents: readonly AgentReport[];
  /** Tasks that have instances of several agents. */
  readonly wrongMerges: readonly string[];
  /** Requests that were instances of a task which is mostly another agent's. */
  readonly wrongRequests: number;
  /** Tasks that were stored. */
  readonly tasksStored: number;
  readonly requests: number;
}

/** A directory with a store behind it that answers at once. */
export function createDirectoryWorld(): {
  readonly directory: TaskDirectory;
  readonly stored: ReadonlyMap<string, Task>;
  readonly clock: { ms: number; now: () => number };
} {
  const clock = { ms: 1_800_000_000_000, now: () => clock.ms };
  const stored = new Map<string, Task>();
  const directory = createTaskDirectory({
    snapshots: { get: () => undefined, all: (): TaskSnapshot[] => [] },
    store: {
      registerTask: async (task) => {
        stored.set(task.id, task);
        return task;
      },
      saveBaseline: async () => {},
    },
    configOf: () => defaultTaskConfig,
    clock,
    logger: silentLogger,
    isLoopback: true,
  });
  return { directory, stored, clock };
}

/** Sends requests of all agents, several turns a conversation, and looks at what they are taken for. */
export function recognise(
  order: Order,
  seed: number,
  conversationsEach: number,
  agents: readonly GeneratedAgent[] = generatedAgents,
): { readonly requests: readonly Recognised[]; readonly tasksStored: number } {
  const random = createSeededRandom(seed);
  const { directory, stored, clock } = createDirectoryWorld();
  const sightings = new Map<GeneratedAgent, number>();
  const requests: Recognised[] = [];
  const schedule = scheduleOf(order, agents, conversationsEach, random);
  for (const [index, agent] of schedule.entries()) {
    const day = Math.floor((7 * index) / schedule.length);
    const prompt = agent.prompt(random, day);
    const turns = 1 + Math.floor(random.next() * 3);
    for (let turn = 0; turn < turns; turn += 1) {
      clock.ms += 500;
      const match = directory.automatic('scope', prompt, turn === 0);
      if (match !== undefined) directory.keep(match.task.id);
      const sighting = sightings.get(agent) ?? 0;
      sightings.set(agent, sighting + 1);
      requests.push({ agent, sighting, prompt, match });
    }
  }
  return { requests, tasksStored: stored.size };
}

function scheduleOf(
  order: Order,
  agents: readonly GeneratedAgent[],
  each: number,
  random: Random,
): readonly GeneratedAgent[] {
  const blocks = agents.flatMap((agent) => Array.from({ length: each }, () => agent));
  switch (order) {
    case 'one after the other':
      return blocks;
    case 'backwards':
      return blocks.toReversed();
    case 'mixed':
      return shuffled(blocks, random);
    case 'in waves':
      return Array.from({ length: 4 }, () =>
        shuffled(agents, random).flatMap((agent) => Array.from({ length: Math.ceil(each / 4) }, () => agent)),
      ).flat();
  }
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, luck: random.next() }))
    .toSorted((one, other) => one.luck - other.luck)
    .map(({ item }) => item);
}

const checkpoints = [0, 5, 10, 20, 40] as const;

/** Tasks found against agents that there are. */
export function reportOn({ requests, tasksStored }: ReturnType<typeof recognise>): RecognitionReport {
  const byTask = new Map<string, Map<GeneratedAgent, number>>();
  for (const { agent, match } of requests) {
    if (match === undefined || match.slots === null) continue;
    const counts = byTask.get(match.task.id) ?? new Map<GeneratedAgent, number>();
    counts.set(agent, (counts.get(agent) ?? 0) + 1);
    byTask.set(match.task.id, counts);
  }
  const ownerOf = new Map(
    [...byTask].map(([id, counts]) => [
      id,
      [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0],
    ]),
  );
  const agents = [...new Set(requests.map(({ agent }) => agent))].map((agent): AgentReport => {
    const own = requests.filter((request) => request.agent === agent);
    const tasks = new Map<string, number>();
    for (const { match } of own)
      if (match !== undefined && match.slots !== null)
        tasks.set(match.task.id, (tasks.get(match.task.id) ?? 0) + 1);
    const [main] = [...tasks].toSorted(([, one], [, other]) => other - one);
    const servedAfter = Object.fromEntries(
      checkpoints.map((from) => {
        const later = own.filter(({ sighting }) => sighting >= from);
        const served = later.filter(({ match }) => match?.task.id === main?.[0] && match?.slots !== null);
        return [from, later.length === 0 ? 0 : served.length / later.length];
      }),
    );
    return { agent, tasks: tasks.size, servedAfter };
  });
  const wrong = requests.filter(
    ({ agent, match }) => match !== undefined && match.slots !== null && ownerOf.get(match.task.id) !== agent,
  );
  return {
    agents,
    wrongMerges: [
      ...new Set(
        wrong.map(({ agent, match }) => `${agent.name} in ${ownerOf.get(match?.task.id ?? '')?.name}`),
      ),
    ],
    wrongRequests: wrong.length,
    tasksStored,
    requests: requests.length,
  };
}
