import { describe, expect, it } from 'vitest';
import { countOf, primaryLedger } from '../domain/histogram.ts';
import { defaultShadow } from '../domain/task.ts';
import { createMirroredStore, type MirroredStore } from '../store/live/mirrored-store.ts';
import type { Store } from '../store/store.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';

interface Mirrored {
  readonly agent: SmallAgent;
  /** What was stored of answers. */
  readonly stored: readonly unknown[];
}

/** An agent of whose requests nothing but metadata is stored; of their texts every one is handed over, or none. */
async function mirrored(isHandedOver: boolean): Promise<Mirrored> {
  const stored: unknown[] = [];
  let mirror: MirroredStore | undefined;
  const agent = await createSmallAgent({
    seed: 5,
    quality: (prompt) => (prompt.includes('queue first') ? 0.9 : 0.6),
    config: { shadow: { ...defaultShadow, mode: 'mirror' } },
    recorded: (decisions) => {
      if (isHandedOver) mirror?.receive(decisions);
      return decisions.map((decision) => ({ ...decision, content: null }));
    },
    wrap: (store: Store) => {
      const watched: Store = {
        ...store,
        saveShadowRuns: async (runs) => {
          stored.push(...runs);
          await store.saveShadowRuns(runs);
        },
      };
      mirror = createMirroredStore(watched, { now: () => agent.deps.clock.now() });
      return mirror.store;
    },
  });
  return { agent, stored };
}

describe('a task whose requests are mirrored', () => {
  it('promotes what is better, though neither requests nor answers are ever stored', async () => {
    const { agent, stored } = await mirrored(true);
    await runGateCycle(agent.deps);
    const { id } = await agent.propose([{ op: 'insert', text: 'Name the queue first.', intent: 'first' }]);
    for (let cycle = 0; cycle < 40; cycle++) {
      await agent.serve(25);
      await runGateCycle(agent.deps);
    }
    const state = (await agent.store.readCampaign(id))?.state;
    expect(['canary', 'promoted']).toContain(state);
    expect(countOf((await agent.store.readLedger(id))[primaryLedger] ?? {})).toBeGreaterThan(30);
    expect(stored).toEqual([]);
    expect(await agent.store.readTraces({ taskId, order: 'oldest', limit: 10 })).toEqual([]);
    expect(Math.max(...agent.calls.values())).toBe(1);
  });

  it('has no evidence where nothing is handed over, and promotes nothing', async () => {
    const { agent } = await mirrored(false);
    await runGateCycle(agent.deps);
    const { id } = await agent.propose([{ op: 'insert', text: 'Name the queue first.', intent: 'first' }]);
    for (let cycle = 0; cycle < 10; cycle++) {
      await agent.serve(25);
      await runGateCycle(agent.deps);
    }
    expect(agent.calls.size).toBe(0);
    expect((await agent.store.readLedger(id))[primaryLedger]).toBeUndefined();
  });
});
