import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent, type SmallAgentSettings } from './small-agent.case.ts';

const good: Edit = { op: 'insert', text: 'Choose one of the queues.', intent: 'list' };
const shiftAt = 4000;

async function run(agent: SmallAgent, requests: number): Promise<void> {
  for (let done = 0; done < requests; done += 50) {
    await agent.serve(50);
    await runGateCycle(agent.deps);
    await agent.store.sweep(agent.deps.clock.now());
  }
}

/** An agent whose good edit serves when something changes, at request 4,000, and some requests after that. */
async function throughShift(settings: SmallAgentSettings, after: number): Promise<SmallAgent> {
  const agent = await createSmallAgent(settings);
  await agent.serve(200);
  const { id } = await agent.propose([good]);
  await run(agent, shiftAt - 200);
  expect((await agent.store.readCampaign(id))?.state).toBe('promoted');
  await run(agent, after);
  return agent;
}

const isGood = (prompt: string): boolean => prompt.includes('Choose one');
const isMoney = (ticket: string): boolean => Number(ticket.split(' ')[1]) % 4 === 0;

describe('guards of what was promoted', () => {
  it('roll an edit back that a segment suffers from, though the others make up for it', async () => {
    const agent = await throughShift(
      {
        seed: 3,
        segment: (ticket) => (isMoney(ticket) ? 'money' : 'other'),
        quality: (prompt, request, ticket) => {
          if (!isGood(prompt)) return 0.65;
          if (request < shiftAt) return 0.8;
          return isMoney(ticket) ? 0.25 : 0.95;
        },
      },
      3000,
    );
    const [event] = await agent.store.readWatchEvents(taskId);
    expect(event).toMatchObject({
      guard: 'segment:money',
      cause: 'regression',
      action: 'rolled-back',
      toVariantId: 'baseline',
    });
    expect((await agent.snapshot()).plan.cause).toMatchObject({ kind: 'rolled-back', reason: 'guardrail' });
  });

  it('roll an edit back that worsens a metric which only users report, by what live traffic says', async () => {
    const polite = { type: 'boolean', range: [0, 1], optimize: 'max' } as const;
    const metricsOf = (guardrail: { readonly margin: number } | null): TaskConfig['metrics'] => ({
      ...defaultTaskConfig.metrics,
      polite: { ...polite, guardrail },
    });
    const agent = await throughShift(
      {
        seed: 4,
        quality: (prompt) => (isGood(prompt) ? 0.8 : 0.6),
        config: { metrics: metricsOf(null) },
        metrics: (prompt, request) => ({
          polite: request >= shiftAt + 1000 && isGood(prompt) && request % 3 === 0 ? 0 : 1,
        }),
      },
      0,
    );
    // Declared now: a guardrail that no replay can measure would have held the promotion up.
    const { config } = (await agent.snapshot()).task;
    await agent.store.saveTaskConfig(taskId, { ...config, metrics: metricsOf({ margin: 0.05 }) });
    await run(agent, 3500);
    const [event] = await agent.store.readWatchEvents(taskId);
    expect(event).toMatchObject({
      guard: 'metric:polite',
      action: 'rolled-back',
      toVariantId: 'baseline',
    });
  });

  it('raise nothing while nothing changes', async () => {
    const agent = await throughShift(
      {
        seed: 5,
        segment: (ticket) => (isMoney(ticket) ? 'money' : 'other'),
        quality: (prompt) => (isGood(prompt) ? 0.8 : 0.65),
      },
      3000,
    );
    expect(await agent.store.readWatchEvents(taskId)).toEqual([]);
  });
});
