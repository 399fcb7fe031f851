import { describe, expect, it } from 'vitest';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion } from '../domain/chat.ts';
import type { GraderConfig } from '../domain/grader.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { differencesOf, type Differences } from './pair-differences.ts';
import { coverageInWords, coverageOf } from './shadow-coverage.ts';
import { callsOf } from './tool-calls.ts';

/** An answer that calls tools, given as `name` or `name(arguments)`, or else says a text. */
function answer(text: string, ...calls: readonly string[]): Completion {
  const toolCalls = calls.map((call) => {
    const [name = '', given = '{}'] = call.replace(/\)$/, '').split('(');
    return { name, arguments: given };
  });
  return { text, toolCalls, finishReason: calls.length === 0 ? 'stop' : 'tool_calls', refusal: null };
}

function runOf(completion: Completion): ShadowRun {
  return {
    taskId: 't',
    variantId: 'v',
    decisionId: 'd',
    completion,
    usage: { inputTokens: 1, outputTokens: 1 },
    latencyMs: 1,
    costUsd: 0,
    grades: [],
    atMs: 0,
  };
}

const search = answer('', 'search({"query":"x"})');
const exact: GraderConfig = { kind: 'exact', against: 'expected', weight: 1 };
const validity: GraderConfig = { kind: 'tool-call', weight: 1 };
const request: AgentRequest = {
  model: 'm',
  messages: [],
  tools: [
    {
      type: 'function',
      function: {
        name: 'search',
        parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
      },
    },
    { type: 'function', function: { name: 'refund' } },
  ],
};

function differences(
  [candidate, incumbent, recorded]: readonly [Completion, Completion, Completion],
  graders: readonly GraderConfig[],
): Differences {
  const expected = 'yes';
  const pair = { candidate: runOf(candidate), incumbent: runOf(incumbent), recorded, request, expected };
  return differencesOf({ ...defaultTaskConfig, graders }, pair);
}

describe('callsOf', () => {
  it.each<[string, readonly [Completion, Completion, Completion], string]>([
    ['no calls', [answer('yes'), answer('no'), answer('maybe')], 'none'],
    [
      'the calls of the agent, with other arguments',
      [answer('', 'search({"query":"y"})'), search, search],
      'same',
    ],
    [
      'the same calls in another order',
      [answer('', 'a', 'b'), answer('', 'b', 'a'), answer('', 'a', 'b')],
      'same',
    ],
    ['another tool', [answer('', 'refund'), search, search], 'other'],
    ['the same tool twice', [answer('', 'search', 'search'), search, search], 'other'],
    ['no tool where the agent called one', [answer('yes'), search, search], 'other'],
    ['a tool where the agent called none', [search, answer('yes'), answer('yes')], 'other'],
    ['both the same, but not what the agent went on with', [search, search, answer('yes')], 'other'],
  ])('tells %s', (_, [candidate, incumbent, recorded], expected) => {
    expect(callsOf({ candidate: runOf(candidate), incumbent: runOf(incumbent), recorded })).toBe(expected);
  });

  it('holds the two against each other where nothing was recorded', () => {
    expect(callsOf({ candidate: runOf(search), incumbent: runOf(search) })).toBe('same');
    expect(callsOf({ candidate: runOf(search), incumbent: runOf(answer('yes')) })).toBe('other');
  });
});

describe('a candidate that calls other tools than the agent went on with', () => {
  it('is not comparable where calls are not graded, however right its words are', () => {
    const found = differences([answer('yes'), search, search], [exact]);
    expect(found['primary']).toBeUndefined();
    expect(found['not-comparable']).toBe(1);
    expect(found['latency']).toBe(0);
  });

  it('is graded on the validity of its calls alone where they are', () => {
    const invalid = differences([answer('', 'unknown'), search, search], [exact, validity]);
    expect(invalid).toMatchObject({ primary: -1, 'not-comparable': 0 });
    const valid = differences([answer('', 'refund'), search, search], [exact, validity]);
    expect(valid).toMatchObject({ primary: 0, 'not-comparable': 0 });
  });

  it('is not comparable where there is no call to grade on one side', () => {
    const found = differences([answer('yes'), search, search], [exact, validity]);
    expect(found).toMatchObject({ 'not-comparable': 1 });
    expect(found['primary']).toBeUndefined();
  });
});

describe('a candidate that calls the same tools', () => {
  it('is graded as usual, and a request without calls is not counted among those with calls', () => {
    expect(differences([search, search, search], [exact])).toMatchObject({ primary: 0, 'not-comparable': 0 });
    const plain = differences([answer('yes'), answer('no'), answer('no')], [exact]);
    expect(plain['primary']).toBe(1);
    expect(plain['not-comparable']).toBeUndefined();
  });
});

describe('coverage', () => {
  it('is what a ledger says could not be seen', () => {
    const coverage = coverageOf({ 'not-comparable': { '0': 6, '100': 2 }, unanswered: { '50': 3 } });
    expect(coverage).toEqual({ toolConversations: 8, notComparableShare: 0.25, unanswered: 3 });
    expect(coverageInWords(coverage)).toBe(
      '; 25 % of requests with tool calls cannot be compared; 3 conversations without an answer',
    );
  });

  it('is silent where nothing was missed', () => {
    expect(coverageOf({ primary: { '0': 5 } })).toBeUndefined();
    expect(coverageInWords(coverageOf({ 'not-comparable': { '0': 5 } }))).toBe('');
  });
});
