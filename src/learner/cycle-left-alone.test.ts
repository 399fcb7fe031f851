import { describe, expect, it } from 'vitest';
import { literalSkeleton } from '../domain/skeleton.ts';
import { defaultTaskConfig, type Task } from '../domain/task.ts';
import { taskOf } from './fixtures.case.ts';
import { busyHouse, changePrompt, failures, houseWith, promote, proposing } from './learner-house.case.ts';
import { emptyTaskMemory } from './learner-memory.ts';

describe('a task is left alone', () => {
  it.each<[string, Task, number, string]>([
    ['before its prompt has settled', taskOf({}, { stableFor: 19 }), 20, 'baseline-unsettled'],
    ['before 20 rewards', taskOf(), 19, 'few-rewards'],
    [
      'without an optimizer',
      taskOf({ learner: { optimizers: ['unheard-of'], openCampaignsMax: 4 } }),
      20,
      'no-optimizer',
    ],
    [
      'without room',
      taskOf({ learner: { ...defaultTaskConfig.learner, openCampaignsMax: 0 } }),
      20,
      'campaigns-open',
    ],
    ['without money', taskOf({ budget: { ...defaultTaskConfig.budget, usdPerDay: 0 } }), 20, 'budget-spent'],
  ])('%s', async (_, task, rewarded, reason) => {
    const house = await houseWith([task]);
    await house.feed(failures(rewarded));
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason });
    expect(house.requests).toEqual([]);
  });

  it('while its prompt is too long to be rewritten', async () => {
    const task = taskOf();
    const skeleton = literalSkeleton('word '.repeat(20_001));
    const house = await houseWith([{ ...task, baseline: { ...task.baseline, skeleton } }]);
    await house.feed(failures(20));
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'prompt-too-long' });
  });

  it('while the incumbent does not fit the prompt any more', async () => {
    const answer = JSON.stringify({
      proposals: [{ intent: 'i', edits: [{ op: 'replace', find: 'tickets', text: 'mails' }] }],
    });
    const house = await busyHouse(() => answer);
    await house.outcome();
    await promote(house, (await house.campaigns())[0]);
    const skeleton = literalSkeleton('You sort things.');
    await house.store.saveBaseline('task', { version: 1, stableFor: 99, skeleton });
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'incumbent-unfit' });
  });

  it('for all of them where there is no model', async () => {
    const house = await busyHouse();
    expect(await house.cycle({ model: null })).toEqual({ kind: 'idle', reason: 'no-model' });
  });

  it('before 20 rewards under the present version of its prompt', async () => {
    const house = await busyHouse();
    await changePrompt(house);
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'few-rewards' });
  });

  it('for longer and longer after answers without anything new', async () => {
    const house = await busyHouse(() => proposing());
    expect(await house.outcome()).toMatchObject({ kind: 'nothing-new' });
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'waiting' });
    await house.feed(failures(199));
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'waiting' });
    await house.feed(failures(1));
    expect(await house.outcome()).toMatchObject({ kind: 'nothing-new' });
    await house.feed(failures(399));
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'waiting' });
    await house.feed(failures(1));
    expect(await house.outcome()).toMatchObject({ kind: 'nothing-new' });
  });
});

describe('an optimizer without news', () => {
  it('leads to a proposal to do without an edit, one at a time, at no cost', async () => {
    const house = await busyHouse(() => proposing('First.'));
    await house.outcome();
    house.answer = () => proposing('Second.');
    const [first] = await house.campaigns();
    await promote(house, first);
    await house.outcome();
    const second = (await house.campaigns())[1];
    await promote(house, second);
    house.answer = () => proposing();

    expect(await house.outcome()).toMatchObject({ kind: 'proposed', optimizer: 'prune' });
    expect((await house.campaigns())[2]?.proposal).toMatchObject({
      optimizer: 'prune',
      purpose: 'prune',
      variant: { edits: [{ text: 'Second.' }] },
      shownDecisionIds: [],
      costUsd: 0,
    });
    await house.feed(failures(200));
    expect(await house.outcome()).toMatchObject({ kind: 'nothing-new' });
    expect(await house.campaigns()).toHaveLength(3);
  });
});

describe('the memory', () => {
  it('forgets tasks that are gone', async () => {
    const house = await busyHouse();
    house.deps.memory.tasks.set('gone', { ...emptyTaskMemory, turn: 1 });
    await house.cycle();
    expect([...house.deps.memory.tasks.keys()]).toEqual(['task']);
  });
});
