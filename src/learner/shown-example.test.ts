import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceOf } from './fixtures.case.ts';
import { clip, shownExample } from './shown-example.ts';

describe('an example', () => {
  it('is the last user message, the answer, the reward and what explains it', () => {
    const trace = traceOf({
      input: 'Help',
      output: 'bug',
      reward: 0.333,
      comments: ['no'],
      expected: 'billing',
    });
    expect(shownExample(trace)).toEqual({
      input: 'Help',
      output: 'bug',
      reward: 0.33,
      expected: 'billing',
      comment: 'no',
    });
  });

  it('is of a responses request what its user said last', () => {
    const trace = traceOf();
    const { decision } = trace;
    if (decision.content === null) throw new Error('no content');
    const input = [
      { role: 'user', content: 'first' },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'done' },
      { role: 'user', content: [{ type: 'input_text', text: 'last' }] },
    ];
    for (const [asked, said] of [
      [{ input }, 'last'],
      [{ input: 'only' }, 'only'],
      [{}, ''],
    ] as const) {
      const request = { model: 'm', instructions: 'p', ...asked };
      const shown = shownExample({
        ...trace,
        decision: { ...decision, content: { ...decision.content, request } },
      });
      expect(shown.input).toBe(said);
    }
  });

  it('leaves out what is not known', () => {
    expect(shownExample(traceOf({ reward: null }))).toEqual({ input: 'My screen is black', output: 'bug' });
  });

  it('shows tool calls, refusals and the text of content parts', () => {
    const trace = traceOf();
    const { content } = trace.decision;
    const withCompletion = (completion: object, userContent: unknown = 'x') => ({
      ...trace,
      decision: {
        ...trace.decision,
        content: {
          slots: {},
          request: { model: 'm', messages: [{ role: 'user', content: userContent as string }] },
          completion: { text: '', toolCalls: [], finishReason: null, refusal: null, ...completion },
        },
      },
    });
    expect(content).not.toBeNull();
    const call = { name: 'refund', arguments: '{}' };
    expect(shownExample(withCompletion({ toolCalls: [call] })).output).toBe(
      JSON.stringify({ text: '', tool_calls: [call] }),
    );
    expect(shownExample(withCompletion({ refusal: 'No.' })).output).toBe('No.');
    const parts = [{ type: 'text', text: 'look' }, { type: 'image_url' }];
    expect(shownExample(withCompletion({}, parts)).input).toBe('look');
  });

  it('is bounded, however long the texts are', () => {
    const long = 'x'.repeat(100_000);
    const comments = Array.from({ length: 50 }, () => long);
    const example = shownExample(traceOf({ input: long, output: long, expected: long, comments }));
    expect(JSON.stringify(example).length).toBeLessThan(6_000);
  });
});

describe('a clipped text', () => {
  it('keeps beginning and end and says how much is missing', () => {
    expect(clip('abcdefghijklmnopqrst', 9)).toBe('abcdef […11 characters left out…] rst');
    expect(clip('abc', 3)).toBe('abc');
  });

  it('is well formed, and hardly longer than allowed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 3, max: 20 }),
        (text, max) => {
          const clipped = clip(text, max);
          expect(clipped.isWellFormed()).toBe(true);
          expect(clipped.length).toBeLessThanOrEqual(max + 40);
        },
      ),
    );
  });
});
