import { expect, it } from 'vitest';
import { banditFold } from '../../bandit/fold.ts';
import { parseTaskConfig } from '../../configuration/task-config.ts';
import { silentLogger } from '../../domain/logger.ts';
import { literalSkeleton } from '../../domain/skeleton.ts';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { createMemoryStore } from '../../store/memory/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { silentTelemetry } from '../../telemetry/telemetry.ts';
import { createGate, type Gate } from '../cycle.ts';
import { traceOf } from '../trace.case.ts';

interface House {
  readonly store: Store;
  readonly clock: { nowMs: number };
  /** A gate that remembers nothing of another. */
  readonly gate: () => Gate;
  readonly answer: (id: string, text: string) => Promise<void>;
}

async function houseWith(config: Readonly<Record<string, unknown>> = {}): Promise<House> {
  const clock = { nowMs: 1_700_000_000_000 };
  const now = { now: () => clock.nowMs };
  const random = createSeededRandom(1);
  const store = createMemoryStore({ fold: banditFold, clock: now, random });
  await store.registerTask({
    id: 't',
    name: 't',
    scope: 's',
    baseline: { version: 1, skeleton: literalSkeleton('Answer as JSON.'), stableFor: 99 },
    config: parseTaskConfig(config),
    createdAtMs: 0,
  });
  const model = { complete: async (): Promise<never> => await Promise.reject(new Error('nobody is asked')) };
  return {
    store,
    clock,
    gate: () =>
      createGate({
        store,
        model,
        judgeModelName: null,
        clock: now,
        random,
        logger: silentLogger,
        telemetry: silentTelemetry,
        priceOf: () => ({ inputPerMillion: 0, outputPerMillion: 0 }),
      }),
    answer: async (id, text) => {
      const request = {
        model: 'm',
        messages: [{ role: 'user', content: 'hello' }],
        response_format: { type: 'json_object' },
      };
      clock.nowMs += 1;
      const { decision } = traceOf(
        { request, slots: {} },
        { decisionId: id, episodeId: id, atMs: clock.nowMs },
      );
      const completion = { text, toolCalls: [], finishReason: 'stop', refusal: null };
      const content = decision.content === null ? null : { ...decision.content, completion };
      await store.recordDecisions([{ ...decision, content }]);
    },
  };
}

const observed = async ({ store }: House): Promise<number | undefined> =>
  (await store.readTask('t'))?.bandit.feedbacks;

it('an answer that breaks its contract becomes a comment, once, whoever looks', async () => {
  const house = await houseWith();
  await house.answer('good', '{}');
  await house.answer('bad', 'sorry');
  const gate = house.gate();
  await gate.runCycle();
  const commentsOf = async (): Promise<unknown> =>
    (await house.store.readTraces({ taskId: 't', order: 'oldest', limit: 9 })).map(
      ({ comments }) => comments,
    );
  expect(await commentsOf()).toEqual([[], []]);
  house.clock.nowMs += 120_000;
  for (const each of [gate, gate, house.gate()]) await each.runCycle();
  expect(await commentsOf()).toEqual([[], ['contract: the answer is not JSON']]);
  // Without a place in the reward it moves nothing.
  expect(await observed(house)).toBe(0);
});

it('where contracts are part of the reward, kept ones count as well as broken ones, once each', async () => {
  const house = await houseWith({ reward: { score: 0.5, contract: 0.5 } });
  await house.answer('good', '{}');
  await house.answer('bad', 'sorry');
  house.clock.nowMs += 120_000;
  for (const gate of [house.gate(), house.gate()]) await gate.runCycle();
  expect(await observed(house)).toBe(2);
  const traces = await house.store.readTraces({ taskId: 't', order: 'oldest', limit: 9 });
  expect(traces.map(({ reward }) => reward)).toEqual([1, 0]);
});

it('what comes later is looked at later, more than one cycle’s worth too', async () => {
  const house = await houseWith();
  const gate = house.gate();
  for (let index = 0; index < 250; index += 1) await house.answer(`bad-${index}`, 'sorry');
  house.clock.nowMs += 120_000;
  for (let cycle = 0; cycle < 3; cycle += 1) await gate.runCycle();
  await house.answer('later', 'sorry');
  house.clock.nowMs += 120_000;
  await gate.runCycle();
  const traces = await house.store.readTraces({ taskId: 't', order: 'oldest', limit: 999 });
  expect(traces.filter(({ comments }) => comments.length === 1)).toHaveLength(251);
});

it('nobody looks where it is off', async () => {
  const house = await houseWith({ contract: 'off' });
  await house.answer('bad', 'sorry');
  house.clock.nowMs += 120_000;
  await house.gate().runCycle();
  const [trace] = await house.store.readTraces({ taskId: 't', order: 'oldest', limit: 9 });
  expect(trace?.comments).toEqual([]);
});
