import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { firstPlan } from '../domain/plan.ts';
import { fillSkeleton, skeletonText } from '../domain/skeleton.ts';
import { defaultTaskConfig, type Task } from '../domain/task.ts';
import { makeVariant } from '../domain/variant.ts';
import { silentLogger } from '../domain/logger.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import { createDirectoryWorld, orders, recognise, reportOn } from './recognition.case.ts';
import { createTaskDirectory, namedTaskId, type TaskDirectory, type TaskMatch } from './task-directory.ts';

const dayMs = 86_400_000;

describe('agents of many kinds, some of which have much in common', () => {
  const runs = orders.flatMap((order) => [1, 2].map((seed) => ({ order, run: recognise(order, seed, 40) })));

  it.each(runs)('are never taken for one another, $order', ({ run }) => {
    const { wrongMerges, wrongRequests } = reportOn(run);
    expect(wrongMerges).toEqual([]);
    expect(wrongRequests).toBe(0);
  });

  it.each(runs)('are one task each, of which few are left over, $order', ({ run }) => {
    const { agents, tasksStored } = reportOn(run);
    for (const { agent, servedAfter } of agents) {
      const isRunning = agent.name.includes('running text');
      expect({ agent: agent.name, isServed: (servedAfter[20] ?? 0) >= (isRunning ? 0.4 : 0.75) }).toEqual({
        agent: agent.name,
        isServed: true,
      });
      expect({ agent: agent.name, isServed: (servedAfter[40] ?? 0) >= 0.85 }).toEqual({
        agent: agent.name,
        isServed: true,
      });
    }
    expect(tasksStored).toBeLessThanOrEqual(agents.length + 6);
  });

  it('have each prompt given back byte for byte at the moment that it comes', () => {
    const { directory, clock } = createDirectoryWorld();
    for (const { prompt } of recognise('mixed', 7, 20).requests) {
      clock.ms += 500;
      const match = directory.automatic('scope', prompt);
      if (match === undefined || match.slots === null) continue;
      expect(fillSkeleton(match.task.prompts.baseline().skeleton, match.slots)).toBe(prompt);
    }
  });
});

describe('two agents', () => {
  const preamble =
    'You work for Acme, which sells tools for gardens. Speak as somebody who likes plants, and be kind to all.';
  const ask = (directory: TaskDirectory, prompts: readonly string[]): readonly string[] =>
    prompts.map((prompt) => directory.automatic('scope', prompt)?.task.id ?? 'none');

  it.each([
    [
      'a first paragraph',
      `${preamble}\n\nExplain invoices line by line.`,
      `${preamble}\n\nStart refunds when you are asked to.`,
    ],
    [
      'all but a word of their instructions',
      'You are an assistant. Summarise the text below in plain words.',
      'You are an assistant. Translate the text below in plain words.',
    ],
    [
      'all but their task behind a label',
      `${preamble}\nYour task: explain invoices.\nBe brief.`,
      `${preamble}\nYour task: start refunds.\nBe brief.`,
    ],
  ])('that share %s are two tasks, however often they come', (_, one, other) => {
    const { directory, clock } = createDirectoryWorld();
    const ids = Array.from({ length: 60 }, () => {
      clock.ms += 1000;
      return ask(directory, [one, other]);
    });
    expect(new Set(ids.map(([id]) => id)).size).toBe(1);
    expect(new Set(ids.map(([, id]) => id)).size).toBe(1);
    expect(ids[0]?.[0]).not.toBe(ids[0]?.[1]);
  });
});

describe('a task without a name', () => {
  const prompt = (end: string): string =>
    `You sort the tickets of Acme Mail into queues: billing, bug and account. Read each one twice, and look at what ` +
    `the customer wrote before. Answer with the name of the queue, and with nothing else. ${end}`;
  const old = prompt('Be brief.');
  const next = prompt('Be brief, and never say sorry.');
  const send = (
    { directory, clock }: ReturnType<typeof createDirectoryWorld>,
    text: string,
    conversations: number,
  ): TaskMatch | undefined => {
    let match: TaskMatch | undefined;
    for (let n = 0; n < conversations; n += 1) {
      clock.ms += 60_000;
      match = directory.automatic('scope', text);
    }
    return match;
  };

  it('has a new version when another prompt has taken the place of its own, for a day', () => {
    const world = createDirectoryWorld();
    const first = send(world, old, 200);
    const early = send(world, next, 200);
    expect(early?.task.id).not.toBe(first?.task.id);
    world.clock.ms += dayMs;
    const late = send(world, next, 1);
    expect(late?.task.id).toBe(first?.task.id);
    expect(late?.task.prompts.baseline()).toMatchObject({ version: 2 });
    expect(skeletonText(late?.task.prompts.baseline().skeleton ?? { segments: [] })).toBe(next);
    const straggler = send(world, old, 1);
    expect(straggler).toMatchObject({ slots: null });
    expect(straggler?.task.id).toBe(first?.task.id);
  });

  it('has none while its own prompt goes on, if only now and then', () => {
    const world = createDirectoryWorld();
    const first = send(world, old, 200);
    for (let day = 0; day < 10; day += 1) {
      send(world, next, 200);
      send(world, old, 1);
      world.clock.ms += dayMs / 2;
    }
    expect(send(world, next, 1)?.task.id).not.toBe(first?.task.id);
    expect(send(world, old, 1)).toMatchObject({ task: { id: first?.task.id }, slots: {} });
  });

  it('has none from a prompt that is not much like its own', () => {
    const world = createDirectoryWorld();
    const first = send(world, old, 200);
    send(world, 'You translate recipes into plain English, and keep each quantity as it is.', 200);
    world.clock.ms += 2 * dayMs;
    const other = send(
      world,
      'You translate recipes into plain English, and keep each quantity as it is.',
      1,
    );
    expect(other?.task.id).not.toBe(first?.task.id);
  });
});

describe('a prompt that can be read in two ways', () => {
  const skeleton = {
    segments: [
      { kind: 'text' as const, text: 'Read this:\n' },
      { kind: 'slot' as const, name: 'slot1' },
      { kind: 'text' as const, text: '\nNow answer this:\n' },
      { kind: 'slot' as const, name: 'slot2' },
    ],
  };
  const taskId = namedTaskId('triage', 'local');
  const directoryWith = (edits: readonly Edit[]): TaskDirectory => {
    const task: Task = {
      id: taskId,
      name: 'triage',
      scope: 'local',
      baseline: { version: 1, skeleton, stableFor: 50 },
      config: defaultTaskConfig,
      createdAtMs: 0,
    };
    const variant = makeVariant(taskId, 1, edits);
    const plan = { ...firstPlan(taskId, 1, 0), version: 2 };
    const snapshot = { task, plan, variants: [variant], routing: {}, bandit: {} } as unknown as TaskSnapshot;
    return createTaskDirectory({
      snapshots: { get: () => snapshot, all: () => [snapshot] },
      store: { registerTask: async () => task, saveBaseline: async () => {} },
      configOf: () => defaultTaskConfig,
      clock: { now: () => 0 },
      logger: silentLogger,
      isLoopback: true,
    });
  };
  const twofold = 'Read this:\nA page.\nNow answer this:\nWhat?\nNow answer this:\nWhy?';

  it('is served untouched where a variant would come out differently', () => {
    const edit: Edit = { op: 'replace', find: 'Now answer', text: 'Answer', intent: 'short' };
    expect(directoryWith([edit]).named('triage', 'local', twofold)?.slots).toBeNull();
    expect(
      directoryWith([edit]).named('triage', 'local', 'Read this:\nx\nNow answer this:\ny')?.slots,
    ).toEqual({
      slot1: 'x',
      slot2: 'y',
    });
  });

  it('is served by variants that leave the place alone', () => {
    const edit: Edit = { op: 'insert', text: 'Be brief.', intent: 'short' };
    expect(directoryWith([edit]).named('triage', 'local', twofold)?.slots).toMatchObject({
      slot1: 'A page.',
    });
  });
});
