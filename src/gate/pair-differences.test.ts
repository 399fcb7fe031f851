import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion } from '../domain/chat.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import { defaultTaskConfig, type MetricConfig, type TaskConfig } from '../domain/task.ts';
import { hasDeclaredFormat } from './format.ts';
import type { WeightedComparison } from './graders/comparison.ts';
import { guardrailsOf } from './guardrails.ts';
import { pairGapMsMax } from './comparable.ts';
import { averageDifferences, differencesOf } from './pair-differences.ts';
import { isRefusal } from './refusal.ts';

const request = { model: 'm', messages: [{ role: 'user', content: 'Which queue?' }] };

function answer(text: string, more: Partial<Completion> = {}): Completion {
  return { text, toolCalls: [], finishReason: 'stop', refusal: null, ...more };
}

function run(text: string, more: Partial<ShadowRun> = {}): ShadowRun {
  return {
    taskId: 't',
    variantId: 'v',
    decisionId: 'd',
    completion: answer(text),
    usage: { inputTokens: 1, outputTokens: 1 },
    latencyMs: 100,
    costUsd: 0.001,
    grades: [],
    atMs: 0,
    ...more,
  };
}

/** What is measured of every pair, of two answers that took the same. */
const alike = { refusal: 0, latency: 0, cost: 0, tokens: 0 };

const judged: TaskConfig = {
  ...defaultTaskConfig,
  graders: [...defaultTaskConfig.graders, { kind: 'judge', rubric: 'r', weight: 1 }],
};
const guardrail = (margin: number): MetricConfig => ({
  type: 'number',
  range: [0, 1],
  optimize: 'min',
  guardrail: { margin },
});
const withMetrics = (metrics: TaskConfig['metrics']): TaskConfig => ({ ...defaultTaskConfig, metrics });

describe('differencesOf', () => {
  it('takes deterministic grades into primary, which the judge never touches', () => {
    const pass = { kind: 'score', score: 1 } as const;
    const fail = { kind: 'score', score: 0 } as const;
    const pair = {
      candidate: run('bug', { grades: [fail] }),
      incumbent: run('account', { grades: [pass] }),
      request,
      expected: 'bug',
    };
    const said = (difference: -1 | 0 | 1): WeightedComparison => ({
      weight: 1,
      comparison: { kind: 'compared', difference, passes: null, reasons: [] },
    });
    // The stored grades of the exact grader are stale: they are made anew from the answers.
    expect(differencesOf(judged, pair)).toEqual({ primary: 1, ...alike });
    expect(differencesOf(judged, { ...pair, comparisons: [said(-1)] })).toMatchObject({
      primary: 1,
      judge: -1,
    });
  });

  it('says nothing in primary without ground truth, where the task grades against it', () => {
    const config: TaskConfig = {
      ...defaultTaskConfig,
      graders: [...defaultTaskConfig.graders, { kind: 'regex', pattern: 'bug', weight: 1 }],
    };
    const pair = { candidate: run('bug'), incumbent: run('x'), request };
    expect(differencesOf(config, { ...pair, expected: null })).toEqual(alike);
    expect(differencesOf(config, { ...pair, expected: 'x' })['primary']).toBe(0);
  });

  it('ignores answers between which a model may have changed', () => {
    const pair = {
      candidate: run('bug', { atMs: pairGapMsMax + 1 }),
      incumbent: run('x'),
      request,
      expected: 'bug',
    };
    expect(differencesOf(defaultTaskConfig, pair)).toEqual({});
  });

  it.each<[string, Partial<ShadowRun>, number]>([
    ['twice as slow', { latencyMs: 200 }, -1],
    ['four times as slow is clipped', { latencyMs: 400 }, -1],
    ['a quarter faster', { latencyMs: 75 }, Math.log2(4 / 3)],
    ['equal', {}, 0],
  ])('measures a declared latency guardrail: %s', (_, change, expected) => {
    const config = withMetrics({ ...defaultTaskConfig.metrics, latency_ms: guardrail(0.1) });
    const pair = { candidate: run('bug', change), incumbent: run('bug'), request, expected: 'bug' };
    expect(differencesOf(config, pair)['latency_ms']).toBeCloseTo(expected, 12);
  });

  it('measures what a candidate costs, declared or not', () => {
    const candidate = run('bug', { usage: { inputTokens: 30, outputTokens: 2 }, costUsd: 0.002 });
    const incumbent = run('bug', { usage: { inputTokens: 60, outputTokens: 4 } });
    const differences = differencesOf(defaultTaskConfig, { candidate, incumbent, request, expected: null });
    expect(differences).toMatchObject({ tokens: 1, cost: -1, latency: 0 });
  });

  it('measures a declared metric by its own grader, the other way round where less is better', () => {
    const grader = { kind: 'regex', pattern: 'sorry', weight: 1 } as const;
    const config = withMetrics({ ...defaultTaskConfig.metrics, apologies: { ...guardrail(0.05), grader } });
    const pair = { candidate: run('sorry, bug'), incumbent: run('bug'), request, expected: null };
    expect(differencesOf(config, pair)['apologies']).toBe(-1);
    const wanted = { ...guardrail(0.05), optimize: 'max' as const, grader };
    const other = withMetrics({ ...defaultTaskConfig.metrics, apologies: wanted });
    expect(differencesOf(other, pair)['apologies']).toBe(1);
    // Without ground truth a grader that needs it says nothing.
    const exact = { ...wanted, grader: { kind: 'exact', against: 'expected', weight: 1 } as const };
    expect(differencesOf(withMetrics({ apologies: exact }), pair)['apologies']).toBeUndefined();
  });

  it('counts the format only where one is declared', () => {
    const pair = { candidate: run('no json'), incumbent: run('{}'), expected: null };
    expect(differencesOf(defaultTaskConfig, { ...pair, request })['format']).toBeUndefined();
    const declared = { ...request, response_format: { type: 'json_object' } };
    expect(differencesOf(defaultTaskConfig, { ...pair, request: declared })['format']).toBe(-1);
  });

  it('lies in [-1, 1] for all answers, and swapping the answers turns every sign', () => {
    const config: TaskConfig = {
      ...withMetrics({ ...defaultTaskConfig.metrics, latency_ms: guardrail(0.1), cost_usd: guardrail(0.05) }),
      graders: [...defaultTaskConfig.graders, { kind: 'json-schema', schema: { type: 'array' }, weight: 2 }],
    };
    const side = fc
      .tuple(
        fc.constantFrom('bug', '[]', '{}', "I'm sorry, but I can't help", ''),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      )
      .map(([text, latencyMs, costUsd]) => run(text, { latencyMs, costUsd }));
    fc.assert(
      fc.property(side, side, (one, other) => {
        const rest = { request, expected: 'bug' };
        const forward = differencesOf(config, { candidate: one, incumbent: other, ...rest });
        const back = differencesOf(config, { candidate: other, incumbent: one, ...rest });
        expect(Object.keys(back)).toEqual(Object.keys(forward));
        for (const [ledger, difference] of Object.entries(forward)) {
          expect(Math.abs(difference)).toBeLessThanOrEqual(1);
          expect(back[ledger]).toBeCloseTo(0 - difference, 9);
        }
      }),
    );
  });
});

describe('averageDifferences', () => {
  it('takes the mean of each ledger over the requests that speak to it', () => {
    expect(averageDifferences([{ primary: 1, format: -1 }, { primary: 0 }, {}])).toEqual({
      primary: 0.5,
      format: -1,
    });
    expect(averageDifferences([])).toEqual({});
  });
});

describe('guardrailsOf', () => {
  it('requires what is declared, in the units of its ledger, and lets format and refusal veto', () => {
    const config = withMetrics({
      score: defaultTaskConfig.metrics['score'] as MetricConfig,
      latency_ms: guardrail(0.1),
      csat: guardrail(0.05),
      refusal: guardrail(0.03),
    });
    expect(guardrailsOf(config)).toEqual([
      { name: 'latency_ms', margin: Math.log2(1.1), isRequired: true },
      { name: 'csat', margin: 0.05, isRequired: true },
      { name: 'refusal', margin: 0.03, isRequired: true },
      { name: 'format', margin: 0.02, isRequired: false },
    ]);
  });
});

describe('a guardrail on the metric that is rewarded', () => {
  const metrics = { csat: guardrail(0.05), latency_ms: guardrail(0.1) };
  const declared = (reward: TaskConfig['reward']): readonly string[] =>
    guardrailsOf({ ...withMetrics(metrics), reward })
      .filter(({ isRequired }) => isRequired)
      .map(({ name }) => name);

  it('asks for nothing more where it is the whole reward, and is kept where it is a part', () => {
    expect(declared({ csat: 2 })).toEqual(['latency_ms']);
    expect(declared({ csat: 2, score: 1 })).toEqual(['csat', 'latency_ms']);
    expect(declared({ latency_ms: 1 })).toEqual(['csat', 'latency_ms']);
  });
});

describe('hasDeclaredFormat', () => {
  const tools = [{ type: 'function', function: { name: 'route', parameters: { type: 'object' } } }];
  const call = { toolCalls: [{ name: 'route', arguments: '{}' }] };
  const tool = { type: 'function', name: 'route', parameters: { type: 'object' } };
  const response = (fields: object): AgentRequest => ({ model: 'm', input: 'x', ...fields });
  const format = { type: 'json_schema', name: 'a', schema: { type: 'object', required: ['a'] } };
  const schema = { type: 'json_schema', json_schema: { schema: { type: 'object', required: ['a'] } } };
  it.each<[string, AgentRequest, Completion, boolean | undefined]>([
    ['no form is declared', request, answer('x'), undefined],
    ['JSON is asked for', { ...request, response_format: { type: 'json_object' } }, answer('{}'), true],
    ['a schema is asked for', { ...request, response_format: schema }, answer('{"a":1}'), true],
    ['a schema is missed', { ...request, response_format: schema }, answer('{"b":1}'), false],
    ['a valid call', { ...request, tools }, answer('', call), true],
    ['a call that was not offered', request, answer('', call), false],
    ['a demanded call is missing', { ...request, tools, tool_choice: 'required' }, answer('x'), false],
    ['a schema is asked for in a response', response({ text: { format } }), answer('{"a":1}'), true],
    ['a schema is missed in a response', response({ text: { format } }), answer('{"b":1}'), false],
    ['a response is text', response({ text: { format: { type: 'text' } } }), answer('x'), undefined],
    ['a valid call in a response', response({ tools: [tool] }), answer('', call), true],
    [
      'a call of a tool that takes any text',
      response({ tools: [{ type: 'custom', name: 'route' }] }),
      answer('', { toolCalls: [{ name: 'route', arguments: 'to billing' }] }),
      true,
    ],
    [
      'a call that no response offered',
      response({ tools: [{ type: 'web_search' }] }),
      answer('', call),
      false,
    ],
    [
      'a demanded call is missing in a response',
      response({ tools: [tool], tool_choice: { type: 'allowed_tools', mode: 'required', tools: [tool] } }),
      answer('x'),
      false,
    ],
    [
      'a valid call of a function of old',
      { ...request, functions: [{ name: 'route', parameters: { type: 'object' } }] },
      answer('', call),
      true,
    ],
    [
      'a demanded call of old is missing',
      { ...request, functions: [{ name: 'route' }], function_call: { name: 'route' } },
      answer('x'),
      false,
    ],
  ])('%s', (_, given, completion, expected) => {
    expect(hasDeclaredFormat({ request: given, answer: completion }, [])).toBe(expected);
  });
});

describe('isRefusal', () => {
  it.each([
    [answer('', { refusal: 'no' }), true],
    [answer('x', { finishReason: 'content_filter' }), true],
    [answer("I'm sorry, but I can't help with that."), true],
    [answer('Sorry, I cannot assist with this request.'), true],
    [answer('I am unable to provide that.'), true],
    [answer('As an AI language model, I cannot answer this.'), true],
    [answer('billing'), false],
    [answer('The customer says: I cannot do this.'), false],
    [answer("I'm sorry to hear that. Open the settings."), false],
    [answer('I can help.'), false],
  ])('%#', (completion, expected) => {
    expect(isRefusal(completion)).toBe(expected);
  });
});
