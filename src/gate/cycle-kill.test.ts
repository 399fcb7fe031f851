import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import type { GateState } from '../domain/gate-state.ts';
import type { Ledger } from '../domain/histogram.ts';
import type { ServingPlan } from '../domain/plan.ts';
import type { Random } from '../domain/random.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import type { Variant } from '../domain/variant.ts';
import type { Store } from '../store/store.ts';
import { runGateCycle } from './cycle.ts';
import { defaultBounds } from './gate-deps.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';

const say = (text: string): Edit => ({ op: 'insert', text, intent: 'test' });
const shiftAt = 1500;

/** Two good edits and a bad one; from request 1,500 on the first good edit does harm. */
function quality(prompt: string, request: number): number {
  const first = prompt.includes('Choose one') ? (request < shiftAt ? 0.25 : -0.3) : 0;
  return 0.55 + first + (prompt.includes('Read twice') ? 0.1 : 0) - (prompt.includes('thorough') ? 0.2 : 0);
}

interface Outcome {
  readonly campaigns: readonly Campaign[];
  readonly plans: readonly ServingPlan[];
  readonly variants: readonly Variant[];
  readonly gateState: GateState | undefined;
  readonly ledgers: readonly Ledger[];
  readonly calls: number;
  readonly repeatedCalls: number;
  /** Cycles that were cut off. */
  readonly deaths: number;
}

/** Throws before or after a call of the store, as if the process had died there. */
function fragile(store: Store, random: Random, rate: number): Store {
  const die = (): void => {
    if (random.next() < rate) throw new RatchetError('store_unavailable', 'killed', { isRetryable: true });
  };
  return new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        die();
        const result: unknown = await Reflect.apply(method, target, given);
        die();
        return result;
      };
    },
  });
}

async function live(
  kill: { readonly seed: number; readonly rate: number } | null,
  requests: number,
): Promise<Outcome> {
  const random = createSeededRandom(kill?.seed ?? 0);
  const agent = await createSmallAgent({
    seed: 7,
    quality,
    ...(kill === null ? {} : { wrap: (store) => fragile(store, random, kill.rate) }),
  });
  // All fresh requests fit into one cycle, and cycles go on until nothing changes, so that how often one was cut off
  // makes no difference to what there is to do.
  const deps = { ...agent.deps, bounds: { shadowRequests: 500, burstRequests: 60 } };
  let deaths = 0;
  await agent.serve(100);
  await agent.propose([say('Choose one of the queues.')], 'first');
  await agent.propose([say('Read twice.')], 'second');
  await agent.propose([say('Be thorough.')], 'third');
  for (let done = 100; done < requests; done += 50) {
    await agent.serve(50);
    for (let attempt = 0; attempt < 3000; attempt++) {
      const { failures, changes } = await runGateCycle(deps).catch(() => ({ failures: 1, changes: 0 }));
      if (failures === 0 && changes === 0) break;
      deaths += failures;
    }
  }
  return await outcomeOf(agent, deaths);
}

async function outcomeOf(agent: SmallAgent, deaths: number): Promise<Outcome> {
  const { store, calls } = agent;
  const campaigns = await store.readCampaigns(taskId, 'all');
  return {
    campaigns,
    plans: await store.readPlans(taskId, 50),
    variants: (await agent.snapshot()).variants,
    gateState: await store.readGateState(taskId),
    ledgers: await Promise.all(campaigns.map(async ({ id }) => await store.readLedger(id))),
    calls: calls.size,
    repeatedCalls: [...calls.values()].filter((times) => times > 1).length,
    deaths,
  };
}

const kills = fc.record({ seed: fc.nat(1e6), rate: fc.constantFrom(0.001, 0.005, 0.02) });

describe('a gate that is killed at any point', () => {
  it('ends where an undisturbed one ends, with the same evidence counted once', async () => {
    const calm = await live(null, shiftAt);
    expect(calm.campaigns.map(({ state }) => state)).toContain('promoted');
    await fc.assert(
      fc.asyncProperty(kills, async (kill) => {
        const killed = await live(kill, shiftAt);
        expect(killed.campaigns.map(withoutRevision)).toEqual(calm.campaigns.map(withoutRevision));
        expect(killed.plans).toEqual(calm.plans);
        expect(killed.ledgers).toEqual(calm.ledgers);
        expect({ ...killed.gateState, revision: 0 }).toEqual({ ...calm.gateState, revision: 0 });
        expect(killed.calls).toBe(calm.calls);
        // Only an answer that was under way when the process died is asked for again.
        expect(killed.repeatedCalls).toBeLessThanOrEqual(killed.deaths * defaultBounds.concurrency);
      }),
      { numRuns: 20, examples: [[{ seed: 499993, rate: 0.001 }]] },
    );
  });

  it('finds its way back from a harmful drift all the same', async () => {
    await fc.assert(
      fc.asyncProperty(kills, async (kill) => {
        const killed = await live(kill, 3500);
        const causes = killed.plans.map(({ cause }) => cause.kind);
        expect(causes).toContain('rolled-back');
        const edits = killed.variants.find(({ id }) => id === killed.plans[0]?.incumbentId)?.edits ?? [];
        expect(JSON.stringify(edits)).not.toContain('Choose one');
        expect(killed.plans.map(({ version }) => version)).toEqual(
          killed.plans.map((_, index) => killed.plans.length - index),
        );
      }),
      { numRuns: 8 },
    );
  });
});

/** A verdict that was written twice counts one revision more. */
function withoutRevision({ revision: _revision, ...campaign }: Campaign): Omit<Campaign, 'revision'> {
  return campaign;
}
