import { describe, expect, it } from 'vitest';
import { conversationOf } from '../domain/agent-request.ts';
import { textOf } from '../domain/chat.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { baselineVariantId, makeVariant, type Variant } from '../domain/variant.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import { answerRequests, outcomeFor, type ReplayOutcome } from './answer-requests.ts';
import { createGateMemory } from './gate-memory.ts';
import type { GateDeps } from './gate-deps.ts';
import { openSession } from './session.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';
import { readView } from './task-view.ts';

const baseline = makeVariant(taskId, 1, []);
const variantSaying = (text: string): Variant =>
  makeVariant(taskId, 1, [{ op: 'insert', text, intent: text }]);
const good = variantSaying('Be good.');
const slow = variantSaying('Be slow.');
const late = (): RatchetError => new RatchetError('upstream_timeout', 'late', { isRetryable: true });

interface Asking {
  readonly agent: SmallAgent;
  readonly calls: { readonly prompt: string; readonly ticket: string }[];
  readonly ask: (variants?: readonly Variant[]) => Promise<readonly ReplayOutcome[]>;
}

/** Twelve recorded requests, and a model that does to each prompt and ticket what it is told. */
async function asking(answer: (prompt: string, ticket: string) => void, concurrency = 1): Promise<Asking> {
  const agent = await createSmallAgent({ seed: 3, quality: () => 0.7 });
  await agent.serve(12);
  const calls: { prompt: string; ticket: string }[] = [];
  const model: ChatModel = {
    complete: async (request, options) => {
      const [prompt = '', ticket = ''] = conversationOf(request).map(({ content }) => textOf(content));
      calls.push({ prompt, ticket });
      answer(prompt, ticket);
      return await agent.deps.model.complete(request, options);
    },
  };
  const gateMemory = createGateMemory(agent.deps.clock);
  const deps: GateDeps = { ...agent.deps, model, gateMemory, bounds: { concurrency } };
  return {
    agent,
    calls,
    ask: async (variants = [baseline, slow, good]) => {
      const view = await readView(agent.store, taskId);
      if (view === undefined) throw new Error('the task is gone');
      const traces = await agent.store.readTraces({ taskId, order: 'oldest', limit: 12 });
      const session = await openSession(deps, view, () => {});
      return await answerRequests(
        view,
        session,
        traces.map((trace) => ({ trace, variants })),
        0,
      );
    },
  };
}

const idsIn = (outcome: ReplayOutcome): readonly string[] =>
  outcome.kind === 'answered' ? [...outcome.runs.keys()].toSorted() : [];
const callsWith = ({ calls }: Asking, text: string): number =>
  calls.filter(({ prompt }) => prompt.includes(text)).length;

describe('a candidate whose answers keep timing out', () => {
  it('holds up none of its siblings, and is asked less and less', async () => {
    const world = await asking((prompt) => {
      if (prompt.includes('slow')) throw late();
    });
    const outcomes = await world.ask();
    expect(outcomes.map(idsIn)).toEqual(Array(12).fill([baselineVariantId, good.id].toSorted()));
    expect(outcomes.map((outcome) => outcomeFor(outcome, [slow.id, baselineVariantId]).kind)).toEqual(
      Array(12).fill('skipped'),
    );
    expect(outcomes.every((outcome) => outcomeFor(outcome, [good.id, baselineVariantId]) === outcome)).toBe(
      true,
    );
    expect(callsWith(world, 'slow')).toBe(2);
    await world.ask();
    expect(callsWith(world, 'slow')).toBe(2);
    world.agent.advance(60_000);
    await world.ask([baseline, slow]);
    // Nobody else has to be asked any more, so that nothing tells a failing upstream from a failing candidate.
    expect(callsWith(world, 'slow')).toBe(4);
  });

  it('alone with the incumbent, waits without costing the incumbent anything more', async () => {
    const world = await asking((prompt) => {
      if (prompt.includes('slow')) throw late();
    });
    expect((await world.ask([baseline, slow])).map(({ kind }) => kind)).toEqual(Array(12).fill('skipped'));
    const paid = world.calls.length;
    await world.ask([baseline, slow]);
    expect(world.calls.length).toBe(paid);
  });
});

describe('a request that nobody can answer', () => {
  it('comes last from then on, and is given up after three tries', async () => {
    const world = await asking((_, ticket) => {
      if (ticket === 'ticket 0') throw late();
    });
    const kinds: string[] = [];
    for (let cycle = 0; cycle < 5; cycle++) {
      await world.agent.serve(1);
      const outcomes = await world.ask([baseline, variantSaying(`Cycle ${cycle}.`)]);
      kinds.push(outcomes[0]?.kind ?? '');
      expect(outcomes.slice(1).every(({ kind }) => kind === 'answered')).toBe(true);
      if (cycle > 0) expect(world.calls.at(-1)?.ticket).toBe(cycle < 3 ? 'ticket 0' : 'ticket 11');
    }
    expect(kinds).toEqual(['skipped', 'skipped', 'skipped', 'unusable', 'unusable']);
  });
});

describe('an upstream that fails', () => {
  it('is remembered from one answering to the next, and asked again after a pause', async () => {
    let isDown = true;
    const world = await asking(() => {
      if (isDown) throw late();
    });
    await world.ask();
    expect(world.calls.length).toBe(3);
    await world.ask();
    expect(world.calls.length).toBe(3);
    isDown = false;
    world.agent.advance(5_000);
    expect((await world.ask()).map(idsIn)).toEqual(
      Array(12).fill([baselineVariantId, good.id, slow.id].toSorted()),
    );
  });

  it('that has too many requests is given the pause it asks for, and blames neither variant nor request', async () => {
    let isBusy = true;
    const world = await asking(() => {
      if (isBusy)
        throw new RatchetError('upstream_overloaded', '429', { isRetryable: true, retryAfterMs: 20_000 });
    });
    expect((await world.ask()).every(({ kind }) => kind === 'skipped')).toBe(true);
    expect(world.calls.length).toBe(1);
    isBusy = false;
    world.agent.advance(19_999);
    await world.ask();
    expect(world.calls.length).toBe(1);
    world.agent.advance(1);
    expect((await world.ask()).every(({ kind }) => kind === 'answered')).toBe(true);
  });
});

describe('the order of a pair', () => {
  it('is drawn by lot: neither side is always the first', async () => {
    const world = await asking(() => {});
    await world.ask([baseline, good]);
    const firsts = world.calls.filter((_, index) => index % 2 === 0);
    const goodFirst = firsts.filter(({ prompt }) => prompt.includes('good')).length;
    expect(firsts.length).toBe(12);
    expect(goodFirst).toBeGreaterThan(1);
    expect(goodFirst).toBeLessThan(11);
  });
});
