import { describe, expect, it } from 'vitest';
import { isChat } from '../../domain/agent-request.ts';
import { textOf, type ChatRequest } from '../../domain/chat.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ChatModel } from '../../upstream/chat-model.ts';
import { createJudge } from './judge.ts';

const subject = {
  answer: { text: 'bug', toolCalls: [], finishReason: 'stop', refusal: null },
  request: { model: 'agent', messages: [{ role: 'system', content: 'Sort.' }] },
  expected: null,
};

function scripted(text: string | Error, seen: ChatRequest[] = []): ChatModel {
  return {
    complete: async (request) => {
      if (isChat(request)) seen.push(request);
      if (text instanceof Error) throw text;
      const completion = { text, toolCalls: [], finishReason: 'stop', refusal: null };
      return { completion, usage: { inputTokens: 10, outputTokens: 2 }, latencyMs: 5 };
    },
  };
}

describe('judge', () => {
  it.each([
    ['{"pass": true, "reason": "good"}', { kind: 'score', score: 1, reason: 'good' }],
    ['{"pass": false, "reason": "bad"}', { kind: 'score', score: 0, reason: 'bad' }],
    ['{"pass": "yes"}', { kind: 'missing', reason: 'the judge gave no judgement' }],
    ['I think it is fine.', { kind: 'missing', reason: 'the judge gave no judgement' }],
    [
      new RatchetError('upstream_timeout', 'late'),
      { kind: 'missing', reason: 'the judge could not be reached' },
    ],
  ])('answering %s', async (text, grade) => {
    const ask = createJudge(scripted(text), 'judge-model', () => {});
    expect(await ask('be right', subject)).toEqual(grade);
  });

  it('is sent rubric, conversation and answer as data, and each answer is paid for', async () => {
    const seen: ChatRequest[] = [];
    const paid: number[] = [];
    const ask = createJudge(scripted('nonsense', seen), 'judge-model', ({ inputTokens }) =>
      paid.push(inputTokens),
    );
    await ask('be right', subject);
    expect(seen[0]?.model).toBe('judge-model');
    expect(seen[0]?.['response_format']).toMatchObject({ json_schema: { name: 'judgement', strict: true } });
    expect(JSON.parse(textOf(seen[0]?.messages.at(-1)?.content))).toEqual({
      rubric: 'be right',
      conversation: subject.request.messages,
      answer: 'bug',
    });
    expect(paid).toEqual([10]);
  });

  it('without a model is missing', async () => {
    const ask = createJudge(scripted('{"pass": true, "reason": ""}'), null, () => {});
    expect((await ask('be right', subject)).kind).toBe('missing');
  });
});
