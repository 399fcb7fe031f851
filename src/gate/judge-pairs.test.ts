import { describe, expect, it } from 'vitest';
import { conversationOf, type AgentRequest } from '../domain/agent-request.ts';
import { textOf } from '../domain/chat.ts';
import type { GraderConfig } from '../domain/grader.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import { judgeIdOf, judgePairs, type Comparisons, type JudgedPair } from './judge-pairs.ts';
import { openSession } from './session.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';
import { readView } from './task-view.ts';

const judge = (rubric: string, weight = 1): GraderConfig => ({ kind: 'judge', rubric, weight });
const agentPrompt = 'You sort.';

function pairOf(candidate: string, incumbent: string, decisionId = 'd1'): JudgedPair {
  const run = (variantId: string, text: string): ShadowRun => ({
    taskId,
    variantId,
    decisionId,
    completion: { text, toolCalls: [], finishReason: 'stop', refusal: null },
    usage: { inputTokens: 1, outputTokens: 1 },
    latencyMs: 1,
    costUsd: 0,
    grades: [],
    atMs: 0,
  });
  const request = {
    model: 'm',
    messages: [
      { role: 'system', content: agentPrompt },
      { role: 'user', content: 'Which queue?' },
    ],
  };
  return { request, candidate: run('secret-candidate', candidate), incumbent: run('baseline', incumbent) };
}

interface Judged {
  readonly said: readonly Comparisons[];
  readonly asked: readonly AgentRequest[];
  readonly agent: SmallAgent;
  readonly again: () => Promise<readonly Comparisons[]>;
}

async function judged(
  pairs: readonly JudgedPair[],
  given: {
    readonly graders?: readonly GraderConfig[];
    readonly answer?: (call: number) => string | undefined;
    readonly usdPerDay?: number;
  } = {},
): Promise<Judged> {
  const { graders = [judge('be right')], answer, usdPerDay = 5 } = given;
  const budget = { usdPerDay, shadowRequestsPerDay: 100, exploreShare: 0.1 };
  const agent = await createSmallAgent({
    seed: 1,
    quality: () => 1,
    hasJudge: true,
    config: { graders, budget },
  });
  const asked: AgentRequest[] = [];
  const model: typeof agent.deps.model = {
    complete: async (request) => {
      asked.push(request);
      const real = await agent.deps.model.complete(request);
      const text = answer?.(asked.length);
      return text === undefined ? real : { ...real, completion: { ...real.completion, text } };
    },
  };
  const again = async (): Promise<readonly Comparisons[]> => {
    const view = await readView(agent.store, taskId);
    if (view === undefined) throw new Error('the task is gone');
    const session = await openSession({ ...agent.deps, model, bounds: { concurrency: 1 } }, view, () => {});
    return await judgePairs(view, session, pairs, 0);
  };
  return { said: await again(), asked, agent, again };
}

const differences = (said: readonly Comparisons[]): unknown =>
  said.map((each) =>
    each.map(({ comparison }) => ('difference' in comparison ? comparison.difference : comparison.kind)),
  );

describe('judging pairs', () => {
  it('asks in both orders, blind, and turns the second look around', async () => {
    const { said, asked } = await judged([pairOf('right', 'wrong'), pairOf('wrong', 'right', 'd2')]);
    expect(differences(said)).toEqual([[1], [-1]]);
    const payloads = asked.map((request) => textOf(conversationOf(request).at(-1)?.content));
    expect(payloads.map((text): unknown => JSON.parse(text).answers)).toEqual([
      ['right', 'wrong'],
      ['wrong', 'right'],
      ['wrong', 'right'],
      ['right', 'wrong'],
    ]);
    // Both looks see one and the same conversation, and nothing that names a variant.
    expect(new Set(payloads.map((text) => JSON.stringify(JSON.parse(text).conversation))).size).toBe(1);
    for (const request of asked) expect(JSON.stringify(request)).not.toMatch(/secret-candidate|baseline/);
  });

  it('takes a judge that follows the order for one that cannot tell', async () => {
    const first = JSON.stringify({ reason: '', first_passes: true, second_passes: true, better: 'first' });
    const { said } = await judged([pairOf('right', 'wrong')], { answer: () => first });
    expect(differences(said)).toEqual([[0]]);
  });

  it('asks nobody about equal answers', async () => {
    const { said, asked } = await judged([pairOf('right', 'right')]);
    expect(differences(said)).toEqual([[0]]);
    expect(asked).toHaveLength(0);
  });

  it('pays once, into the purse, and keeps the reasons', async () => {
    const { agent, asked, said, again } = await judged([pairOf('right', 'wrong')]);
    expect(await again()).toEqual(said);
    expect(asked).toHaveLength(2);
    const spent = await agent.store.readTotalSpend(taskId);
    expect(spent.judgeCalls).toBe(2);
    expect(spent.usd).toBeGreaterThan(0);
    expect(said[0]?.[0]?.comparison).toMatchObject({ reasons: ['It is what it is.', 'It is what it is.'] });
  });

  it('asks each judge, with its weight', async () => {
    const { said, asked } = await judged([pairOf('right', 'wrong')], {
      graders: [judge('be right', 2), { kind: 'tool-call', weight: 1 }, judge('be kind')],
    });
    expect(said[0]?.map(({ weight }) => weight)).toEqual([2, 1]);
    expect(asked).toHaveLength(4);
  });

  it('takes nonsense for missing, for good, and does not pay for it again', async () => {
    const { said, asked, again } = await judged([pairOf('right', 'wrong')], {
      answer: () => 'The first, I think.',
    });
    expect(differences(said)).toEqual([['missing']]);
    expect(differences(await again())).toEqual([['missing']]);
    expect(asked).toHaveLength(2);
  });

  it('asks again, in another cycle, a judge that could not be reached, and not without end in one', async () => {
    const pairs = Array.from({ length: 5 }, (_, index) => pairOf('right', 'wrong', `d${index}`));
    const { asked, again, said } = await judged(pairs, {
      answer: (call) => {
        if (call > 3) return undefined;
        throw new RatchetError('upstream_unreachable', 'down', { isRetryable: true });
      },
    });
    expect(differences(said)).toEqual(pairs.map(() => ['skipped']));
    expect(asked).toHaveLength(3);
    expect(differences(await again())).toEqual(pairs.map(() => [1]));
  });

  it('asks nobody when the day’s money is spent', async () => {
    const { said, asked } = await judged([pairOf('right', 'wrong')], { usdPerDay: 0 });
    expect(differences(said)).toEqual([['skipped']]);
    expect(asked).toHaveLength(0);
  });
});

describe('judgeIdOf', () => {
  it('changes with model, rubric and weight, and with nothing else', () => {
    const exact: GraderConfig = { kind: 'exact', against: 'expected', weight: 1 };
    const id = judgeIdOf([judge('a')], 'm');
    expect(judgeIdOf([exact, judge('a')], 'm')).toBe(id);
    for (const other of [
      judgeIdOf([judge('b')], 'm'),
      judgeIdOf([judge('a', 2)], 'm'),
      judgeIdOf([judge('a')], 'n'),
    ])
      expect(other).not.toBe(id);
  });
});
