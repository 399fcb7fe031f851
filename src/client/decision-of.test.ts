import { expect, test } from 'vitest';
import { rememberDecision } from './decision-memory.ts';
import { decisionOf } from './decision-of.ts';

rememberDecision('completion-1', 'rd_1');

test.each<[what: string, answer: unknown]>([
  ['the id of a completion', 'completion-1'],
  ['a completion, response or chunk', { id: 'completion-1', object: 'chat.completion' }],
  ['an event of a response', { type: 'response.created', response: { id: 'completion-1' } }],
  ['a Response', new Response('', { headers: { 'X-Ratchet-Decision': 'rd_1' } })],
  [
    'what withResponse gives',
    { data: {}, response: new Response('', { headers: { 'x-ratchet-decision': 'rd_1' } }) },
  ],
  ['what generateText gives', { text: '', response: { id: 'x', headers: { 'x-ratchet-decision': 'rd_1' } } }],
  ['a message with an id of its own', { id: 'msg_1', response_metadata: { id: 'completion-1' } }],
  ['the response of a model in a run', { output: [], responseId: 'completion-1' }],
  ['a run', { finalOutput: '', lastResponseId: 'completion-1' }],
])('%s has its decision', (_, answer) => {
  expect(decisionOf(answer)).toBe('rd_1');
});

test.each([
  undefined,
  null,
  7,
  '',
  'other',
  {},
  [],
  { id: 1, headers: null, response: null },
  { headers: {} },
])('%j has none', (answer) => {
  expect(decisionOf(answer)).toBeUndefined();
});

test('of equal ids the newest counts, and the oldest are forgotten beyond 10,000', () => {
  rememberDecision('again', 'rd_1');
  rememberDecision('between', 'rd');
  rememberDecision('again', 'rd_2');
  expect(decisionOf('again')).toBe('rd_2');
  for (let count = 0; count < 9_999; count += 1) rememberDecision(`filler-${count}`, 'rd');
  expect(decisionOf('again')).toBe('rd_2');
  expect(decisionOf('between')).toBeUndefined();
  rememberDecision('one more', 'rd');
  expect(decisionOf('again')).toBeUndefined();
  expect(decisionOf('filler-0')).toBe('rd');
});
