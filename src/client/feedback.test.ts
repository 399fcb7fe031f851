import type { OpenAIProviderSettings } from '@ai-sdk/openai';
import type { ChatOpenAIFields } from '@langchain/openai';
import type { ClientOptions } from 'openai';
import { assertType, expectTypeOf, test } from 'vitest';
import type { Ratchet } from './create-ratchet.ts';
import type { Feedback, FeedbackReceipt } from './feedback.ts';
import { ratchetFetch } from './ratchet-fetch.ts';

test('a feedback has a score, or a metric with its value, or a remark', () => {
  assertType<Feedback>({ id: 'd', score: 0.5 });
  assertType<Feedback>({
    id: 'd',
    score: true,
    comment: 'why',
    expected: 'x',
    tags: { user: 'u' },
    key: 'k',
  });
  assertType<Feedback>({ id: 'd', metric: 'resolved', value: true });
  assertType<Feedback>({ id: 'd', comment: 'why' });
  assertType<Feedback>({ id: 'd', expected: 'x' });
  // @ts-expect-error there is nothing in it
  assertType<Feedback>({ id: 'd' });
  // @ts-expect-error tags are no feedback
  assertType<Feedback>({ id: 'd', tags: { user: 'u' } });
  // @ts-expect-error a metric needs a value
  assertType<Feedback>({ id: 'd', metric: 'resolved' });
  // @ts-expect-error a value needs a metric
  assertType<Feedback>({ id: 'd', value: 1 });
  // @ts-expect-error a score is a metric already
  assertType<Feedback>({ id: 'd', score: 1, metric: 'resolved', value: 1 });
  // @ts-expect-error a score is no text
  assertType<Feedback>({ id: 'd', score: 'good' });
  // @ts-expect-error it is about nothing
  assertType<Feedback>({ score: 1 });
  // @ts-expect-error a decision may be unknown
  assertType<Feedback>({ id: undefined, score: 1 });
});

test('what comes back is typed', () => {
  expectTypeOf<Ratchet['feedback']>().returns.resolves.toEqualTypeOf<FeedbackReceipt>();
});

test('clients take the fetch as it is', () => {
  expectTypeOf(ratchetFetch).returns.toExtend<OpenAIProviderSettings['fetch']>();
  expectTypeOf(ratchetFetch).returns.toExtend<ClientOptions['fetch']>();
  expectTypeOf(ratchetFetch).returns.toExtend<NonNullable<ChatOpenAIFields['configuration']>['fetch']>();
});
