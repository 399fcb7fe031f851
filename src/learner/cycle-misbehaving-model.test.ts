import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { Store } from '../store/store.ts';
import { taskOf } from './fixtures.case.ts';
import { busyHouse, failures, houseWith, proposing } from './learner-house.case.ts';

describe('a model that misbehaves', () => {
  it('and answers nonsense is an outcome', async () => {
    const house = await busyHouse(() => 'I think the prompt is fine.');
    expect(await house.outcome()).toEqual({
      kind: 'nothing-new',
      optimizer: 'opro',
      dropped: {},
      malformed: 1,
    });
  });

  it('and proposes edits that do not fit keeps those that do', async () => {
    const edits = (edit: object) => ({
      intent: 'i',
      edits: [{ text: null, find: null, after: null, ...edit }],
    });
    const answer = JSON.stringify({
      proposals: [
        edits({ op: 'delete', find: 'not in the prompt' }),
        edits({ op: 'insert' }),
        edits({ op: 'replace', find: 'sort', text: 'sort' }),
        edits({ op: 'insert', text: 'Fits.' }),
      ],
    });
    const house = await busyHouse(() => answer);
    expect(await house.outcome()).toMatchObject({
      kind: 'proposed',
      dropped: { 'does-not-apply': 1, 'missing-field': 1, 'changes-nothing': 1 },
    });
    expect(await house.campaigns()).toHaveLength(1);
  });

  it('and is down is asked again after a while, not with the next cycle', async () => {
    const house = await busyHouse(() => new RatchetError('upstream_unreachable', 'down'));
    expect(await house.outcome()).toEqual({ kind: 'failed', code: 'upstream_unreachable' });
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'waiting' });
    house.clock.nowMs += 60_000;
    house.answer = () => proposing('Be brief.');
    expect(await house.outcome()).toMatchObject({ kind: 'proposed' });
  });

  it('is asked no more in a cycle after it has failed for several tasks', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `t${index}`);
    const house = await houseWith(
      ids.map((id) => taskOf({}, { id })),
      () => new RatchetError('upstream_timeout', 'slow'),
    );
    for (const id of ids) await house.feed(failures(20), id);
    const report = await house.cycle();
    const outcomes = report.kind === 'ran' ? report.tasks.map(({ outcome }) => outcome) : [];
    expect(outcomes).toHaveLength(20);
    expect(house.requests.length).toBeLessThan(8);
    expect(outcomes).toContainEqual({ kind: 'skipped', reason: 'model-down' });
  });

  it('never stops the other tasks', async () => {
    const house = await houseWith([taskOf({}, { id: 'bad' }), taskOf({}, { id: 'good' })]);
    await house.feed(failures(20), 'bad');
    await house.feed(failures(20), 'good');
    const store: Store = {
      ...house.store,
      readTraces: async (query) => {
        if (query.taskId === 'bad') throw new TypeError('a bug that quotes a prompt');
        return await house.store.readTraces(query);
      },
    };
    const report = await house.cycle({ store });
    expect(report).toMatchObject({
      tasks: [
        { taskId: 'bad', outcome: { kind: 'failed', code: 'internal' } },
        { taskId: 'good', outcome: { kind: 'proposed' } },
      ],
    });
    expect(inspect(house.logs, { depth: 9 })).not.toContain('quotes a prompt');
  });
});
