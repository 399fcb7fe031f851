import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultTaskConfig, type Task } from '../../../src/domain/task.ts';
import { automaticPrefix } from '../../../src/proxy/scope-tasks.ts';
import { localScope, namedTaskId } from '../../../src/proxy/task-directory.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { tasksPerScope } from '../load/template.ts';
import { chatOfTasks, taskPrompt, type RequestTemplate } from '../load/requests.ts';
import { admitVariants, openSeedStore } from './admit-variants.ts';
import { databaseName } from './ratchet.ts';
import { learnFrom, type SeedPlace } from './seed-chats.ts';

/** How many tasks a database is to have, and how many edited variants each of their plans. */
export interface TaskSeed {
  readonly tasks: number;
  readonly edited: number;
  readonly kind: 'named' | 'automatic';
  /** The first tasks may have more: requests that take turns on so many tasks see plans of this size only. */
  readonly hot?: { readonly tasks: number; readonly edited: number };
}

/** Tasks that are written at the same time, so that they share the way to the disk. */
const together = 32;

/** Makes a database with many tasks, those that `chatOfTasks` asks for. Resolves to its folder. */
export async function seedTasks(folder: string, seed: TaskSeed, where: SeedPlace): Promise<string> {
  const path = join(folder, databaseName);
  mkdirSync(folder, { recursive: true });
  const scopes =
    seed.kind === 'named' ? [] : await learnScopes(folder, Math.ceil(seed.tasks / tasksPerScope), where);
  const scopeOf = (number: number): string => scopes[Math.floor(number / tasksPerScope)] ?? localScope;
  const store = await openSeedStore(path);
  for (let first = 0; first < seed.tasks; first += together) {
    const some = Array.from({ length: Math.min(together, seed.tasks - first) }, (_, index) => first + index);
    await Promise.all(some.map((number) => store.registerTask(taskOf(number, seed.kind, scopeOf(number)))));
  }
  const { tasks } = await store.readSnapshot(0);
  const known = new Map(tasks.map((task) => [task.task.id, task]));
  for (let first = 0; first < seed.tasks; first += together)
    await Promise.all(
      Array.from({ length: Math.min(together, seed.tasks - first) }, async (_, index) => {
        const number = first + index;
        const task = known.get(taskOf(number, seed.kind, scopeOf(number)).id);
        if (task === undefined) throw new Error(`task ${number} was not stored`);
        const { hot } = seed;
        const edited = hot !== undefined && number < hot.tasks ? hot.edited : seed.edited;
        await admitVariants(path, store, task, edited);
      }),
    );
  await store.close();
  return folder;
}

/** As the proxy would have made it after requests with different ends. */
function taskOf(number: number, kind: TaskSeed['kind'], scope: string): Task {
  const digits = String(number).padStart('<<task->>'.length, '0');
  const name = `agent-${digits}`;
  return {
    id: kind === 'named' ? namedTaskId(name, localScope) : `${automaticPrefix}${digits}`,
    name,
    scope,
    baseline: {
      version: 1,
      skeleton: {
        segments: [
          { kind: 'text', text: taskPrompt(digits, ' Request ') },
          { kind: 'slot', name: 'request' },
          { kind: 'text', text: '.' },
        ],
      },
      stableFor: 1_000,
    },
    config: defaultTaskConfig,
    createdAtMs: systemClock.now(),
  };
}

/** The scopes that the proxy gives the credentials of many tasks: it is asked, by a request of each. */
async function learnScopes(folder: string, count: number, where: SeedPlace): Promise<readonly string[]> {
  const probe = chatOfTasks(count * tasksPerScope, 'automatic');
  const body = probe.body.replace('You are', 'You ask for');
  const scopes = Array.from({ length: count }, (_, scope): RequestTemplate => {
    const digits = String(scope).padStart('<<scope->>'.length, '0');
    return {
      ...probe,
      headers: { authorization: `Bearer sk-bench-${digits}` },
      body: body.replace('<<task->>', `of scope ${digits}`),
    };
  });
  await learnFrom(folder, scopes, where);
  const store = await openSeedStore(join(folder, databaseName));
  const { tasks } = await store.readSnapshot(0);
  await store.close();
  return scopes.map((_, scope) => {
    const digits = String(scope).padStart('<<scope->>'.length, '0');
    const found = tasks.find(({ task }) => JSON.stringify(task.baseline).includes(`of scope ${digits}`));
    if (found === undefined) throw new Error(`no task was made for scope ${scope}`);
    return found.task.scope;
  });
}
