import { describe, expect, it } from 'vitest';
import type { Completion } from '../domain/chat.ts';
import type { ContractConfig } from '../domain/contract.ts';
import type { Decision } from '../domain/decision.ts';
import { checkContract, type ContractCheck } from './contract-check.ts';
import { traceOf } from './trace.case.ts';

const schema = {
  type: 'object',
  properties: { queue: { enum: ['bug', 'billing'] }, priority: { type: 'integer' } },
  required: ['queue'],
  additionalProperties: false,
};
const declared = { response_format: { type: 'json_schema', json_schema: { name: 'ticket', schema } } };
const tools = {
  tools: [{ type: 'function', function: { name: 'sort', parameters: schema } }],
};

interface Scene {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly answer?: Partial<Completion>;
  readonly input?: string;
  readonly change?: Partial<Decision>;
  readonly contract?: ContractConfig;
}

function check({ fields = declared, answer, input = 'hello', change, contract }: Scene): ContractCheck {
  const request = { model: 'm', messages: [{ role: 'user', content: input }], ...fields };
  const trace = traceOf({ request, slots: {} }, change);
  const completion = { text: '', toolCalls: [], finishReason: 'stop', refusal: null, ...answer };
  const { content } = trace.decision;
  const decision = { ...trace.decision, content: content === null ? null : { ...content, completion } };
  return checkContract({ ...trace, decision }, contract);
}

const call = (args: string, name = 'sort'): Partial<Completion> => ({
  toolCalls: [{ name, arguments: args }],
});
const broken = (...violations: readonly string[]): ContractCheck => ({ kind: 'broken', violations });

describe('a contract', () => {
  it.each<[string, Scene, ContractCheck]>([
    ['kept', { answer: { text: '{"queue":"bug","priority":1}' } }, { kind: 'kept' }],
    ['not JSON', { answer: { text: 'bug' } }, broken('the answer is not JSON')],
    ['a missing field', { answer: { text: '{}' } }, broken('required queue')],
    ['a wrong type', { answer: { text: '{"queue":"bug","priority":"high"}' } }, broken('type at priority')],
    ['a wrong word', { answer: { text: '{"queue":"secret word"}' } }, broken('enum at queue')],
    [
      'a field too many',
      { answer: { text: '{"queue":"bug","my secret":1}' } },
      broken('additionalProperties'),
    ],
    [
      'any JSON',
      { fields: { response_format: { type: 'json_object' } }, answer: { text: '[1]' } },
      { kind: 'kept' },
    ],
    ['nothing declared', { fields: {}, answer: { text: 'bug' } }, { kind: 'none' }],
    [
      'declared by the task',
      { fields: {}, answer: { text: '{}' }, contract: { output: schema } },
      broken('required queue'),
    ],
    ['kept arguments', { fields: tools, answer: call('{"queue":"bug"}') }, { kind: 'kept' }],
    [
      'broken arguments',
      { fields: tools, answer: call('{"queue":7}') },
      broken('arguments of sort: enum at queue'),
    ],
    [
      'arguments that are no JSON',
      { fields: tools, answer: call('{"queue"') },
      broken('the arguments of sort are not JSON'),
    ],
    [
      'another tool',
      { fields: tools, answer: call('{}', 'rm') },
      broken('a tool is called that was not offered'),
    ],
    [
      'tools and a form, tools called',
      { fields: { ...declared, ...tools }, answer: call('{"queue":"bug"}') },
      { kind: 'kept' },
    ],
    [
      'a call that was due',
      { fields: { ...tools, tool_choice: 'required' }, answer: { text: 'bug' } },
      broken('a tool call is required'),
    ],
    ['a call that was not', { fields: tools, answer: { text: 'bug' } }, { kind: 'none' }],
    ['a refusal', { answer: { text: '', refusal: 'no' } }, { kind: 'none' }],
    [
      'an answer cut off',
      { answer: { text: '{"queue"' }, change: { finishReason: 'length' } },
      { kind: 'none' },
    ],
    ['an error', { answer: { text: '' }, change: { status: 500 } }, { kind: 'none' }],
    [
      'an input that is none',
      { answer: { text: 'x' }, contract: { inputs: { type: 'object' } }, input: 'hello' },
      { kind: 'none' },
    ],
    [
      'an input that is one',
      { answer: { text: 'x' }, contract: { inputs: { type: 'object' } }, input: '{}' },
      broken('the answer is not JSON'),
    ],
    [
      'an input that is a text',
      { answer: { text: 'x' }, contract: { inputs: { type: 'string' } }, input: '7' },
      broken('the answer is not JSON'),
    ],
  ])('%s', (_, scene, expected) => {
    expect(check(scene)).toEqual(expected);
  });

  it('is not looked for in what was recorded without its text', () => {
    expect(checkContract(traceOf(null))).toEqual({ kind: 'none' });
  });
});
