import { describe, expect, it } from 'vitest';
import type { Completion } from '../../domain/chat.ts';
import { answerTextOf, givesAnswer, writeAnswer } from './answer-form.ts';
import { createAnswerStyle } from './answer-style.ts';
import type { OutputForm } from './world.ts';

const { wear, facetsIn } = createAnswerStyle(['long', 'polite', 'sure']);

/** As a judge is shown an answer. */
const shown = (completion: Completion): string =>
  completion.toolCalls.length === 0
    ? completion.text
    : JSON.stringify({ text: completion.text, toolCalls: completion.toolCalls, refusal: completion.refusal });

describe('the style of an answer', () => {
  const worn: readonly (readonly [OutputForm, readonly string[]])[] = (
    ['text', 'json', 'tool'] as const
  ).flatMap((form) =>
    [[], ['long'], ['polite', 'sure'], ['long', 'polite', 'sure']].map((ids) => [form, ids] as const),
  );

  it.each(worn)('shows in an answer as %s: %j', (form, ids) => {
    const answer = writeAnswer('billing', form, false);
    const styled = wear(answer, [...ids, 'nobody cares']);
    expect(facetsIn(shown(styled))).toEqual(ids);
    expect(givesAnswer(answerTextOf(styled), 'billing')).toBe(true);
    expect(answerTextOf(styled).trimEnd()).toBe(answerTextOf(answer));
    if (form !== 'text') expect(JSON.parse(answerTextOf(styled))).toEqual({ answer: 'billing' });
  });
});
