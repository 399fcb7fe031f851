import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import type { GraderConfig } from '../domain/grader.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { Embeddings } from '../upstream/embeddings.ts';
import type { WebhookCall } from '../upstream/webhooks.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';

const good: Edit = { op: 'insert', text: 'Choose one of the queues.', intent: 'list' };
const webhook: GraderConfig = { kind: 'webhook', url: 'http://localhost/grade', timeoutMs: 1000, weight: 1 };
const similarity: GraderConfig = { kind: 'similarity', floor: 0, weight: 1 };
const exact: GraderConfig = { kind: 'exact', against: 'expected', weight: 1 };

async function agentWith(graders: readonly GraderConfig[]): Promise<SmallAgent> {
  const quality = (prompt: string): number => (prompt.includes('Choose one') ? 0.9 : 0.55);
  return await createSmallAgent({ seed: 8, quality, config: { graders } });
}

async function run(
  agent: SmallAgent,
  deps: Partial<SmallAgent['deps']>,
  cycles = 60,
): Promise<string | undefined> {
  const { id } = await agent.propose([good]);
  for (let cycle = 0; cycle < cycles; cycle++) {
    await agent.serve(100);
    await runGateCycle({ ...agent.deps, ...deps });
  }
  return (await agent.store.readCampaign(id))?.state;
}

/** Says what is right, and notes what it was asked. */
function service(fail: (call: number) => RatchetError | undefined = () => undefined) {
  const bodies: string[] = [];
  return {
    bodies,
    webhooks: {
      post: async ({ body }: WebhookCall) => {
        bodies.push(JSON.stringify(body));
        const error = fail(bodies.length);
        if (error !== undefined) throw error;
        return { score: JSON.stringify(body).includes('"text":"right"') ? 1 : 0, reason: 'looked' };
      },
    },
  };
}

describe('a webhook', () => {
  it('promotes a good edit, is asked once about each answer, and never learns whose it is', async () => {
    const agent = await agentWith([webhook]);
    const { webhooks, bodies } = service();
    expect(await run(agent, { webhooks })).toBe('promoted');
    expect(new Set(bodies).size).toBeGreaterThan(30);
    const [campaign] = await agent.store.readCampaigns(taskId, 'all');
    const variantId = campaign?.proposal.variant.id ?? 'none';
    expect(bodies.some((body) => body.includes(variantId) || body.includes('Choose one'))).toBe(false);
  });

  it('that fails now and then costs nothing but time', async () => {
    const agent = await agentWith([webhook]);
    const down = new RatchetError('upstream_unreachable', 'down', { isRetryable: true });
    const { webhooks } = service((call) => (call % 5 === 0 ? down : undefined));
    expect(await run(agent, { webhooks })).toBe('promoted');
  });

  it('that is down for good is missing, never a zero, and the other graders decide', async () => {
    const agent = await agentWith([exact, webhook]);
    const down = new RatchetError('upstream_unreachable', 'down', { isRetryable: true });
    const { webhooks, bodies } = service(() => down);
    expect(await run(agent, { webhooks }, 100)).toBe('promoted');
    expect(bodies.length).toBeLessThan(agent.calls.size);
  });

  it('that says nothing sensible decides nothing', async () => {
    const agent = await agentWith([webhook]);
    const webhooks = { post: async () => ({ score: 7 }) };
    expect(await run(agent, { webhooks })).toBe('shadow');
    const [campaign] = await agent.store.readCampaigns(taskId, 'all');
    expect(campaign?.verdict?.evidence.pairs ?? 0).toBe(0);
  });
});

describe('similarity', () => {
  it('promotes a good edit without any model', async () => {
    const agent = await agentWith([similarity]);
    expect(await run(agent, {})).toBe('promoted');
  });

  it('is paid out of the task’s budget', async () => {
    const agent = await agentWith([similarity]);
    const embedded: string[] = [];
    const embeddings: Embeddings = {
      model: 'embedder',
      embed: async (texts) => {
        embedded.push(...texts);
        const vectors = texts.map((text) =>
          Float32Array.of(text === 'right' ? 1 : 0, text === 'right' ? 0 : 1),
        );
        return { vectors, inputTokens: 1000 };
      },
    };
    const before = await agentWith([similarity]);
    await run(before, {}, 4);
    await run(agent, { embeddings }, 4);
    expect(embedded.length).toBeGreaterThan(0);
    const [withModel, without] = [
      await agent.store.readTotalSpend(taskId),
      await before.store.readTotalSpend(taskId),
    ];
    expect(withModel.shadowRequests).toBe(without.shadowRequests);
    expect(withModel.usd).toBeGreaterThan(without.usd);
  });

  it('waits while the model cannot be reached, and does without one where there is none', async () => {
    const failing = (isRetryable: boolean): Embeddings => ({
      model: 'embedder',
      embed: async () => {
        throw new RatchetError('upstream_unreachable', 'no', { isRetryable });
      },
    });
    const waiting = await agentWith([similarity]);
    const { id } = await waiting.propose([good]);
    await waiting.serve(20);
    for (const embeddings of [failing(true), failing(true), failing(false)]) {
      expect(await waiting.store.readLedger(id)).toEqual({});
      await waiting.serve(20);
      await runGateCycle({ ...waiting.deps, embeddings });
    }
    expect((await waiting.store.readLedger(id))['primary']).toBeDefined();
    const without = await agentWith([similarity]);
    expect(await run(without, { embeddings: failing(false) })).toBe('promoted');
  });
});
