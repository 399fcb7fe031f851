import { describe, expect, test } from 'vitest';
import type { RatchetError } from '../domain/ratchet-error.ts';
import { feedbackEntriesMax, parseFeedback, type FeedbackForm } from './feedback.schema.ts';

const nothing = { metric: null, value: null, comment: null, expected: null, key: null, tags: {} };

describe('feedback is understood', () => {
  test.each<[FeedbackForm, object, object]>([
    ['ratchet', { id: 'a', score: 0.8 }, { id: 'a', metric: 'score', value: 0.8 }],
    ['ratchet', { id: 'a', score: true, metric: null }, { id: 'a', metric: 'score', value: true }],
    [
      'ratchet',
      {
        id: 'a',
        metric: 'resolved',
        value: true,
        key: 'ticket-4711',
        comment: 'why',
        expected: 'the right answer',
        tags: { user: 'u1' },
      },
      {
        id: 'a',
        metric: 'resolved',
        value: true,
        key: 'ticket-4711',
        comment: 'why',
        expected: 'the right answer',
        tags: { user: 'u1' },
      },
    ],
    ['ratchet', { id: 'a', comment: 'why' }, { id: 'a', comment: 'why' }],
    ['ratchet', { id: 'a', score: 0, comment: '' }, { id: 'a', metric: 'score', value: 0 }],
    ['ratchet', { id: 'a', expected: '' }, { id: 'a', expected: '' }],
    [
      'gateway',
      { inference_id: 'a', metric_name: 'accepted', value: true, tags: { user: 'u1' } },
      { id: 'a', metric: 'accepted', value: true, tags: { user: 'u1' } },
    ],
    [
      'gateway',
      { inference_id: null, episode_id: 'e', metric_name: 'stars', value: 4, dryrun: null },
      { id: 'e', metric: 'stars', value: 4 },
    ],
    ['gateway', { inference_id: 'a', metric_name: 'comment', value: 'good' }, { id: 'a', comment: 'good' }],
    [
      'gateway',
      { inference_id: 'a', metric_name: 'demonstration', value: 'so' },
      { id: 'a', expected: 'so' },
    ],
  ])('%s %j', (form, sent, meant) => {
    expect(parseFeedback(sent, form)).toMatchObject([{ ...nothing, ...meant }]);
    expect(parseFeedback([sent, sent], form)).toHaveLength(2);
  });
});

describe('what is wrong is named', () => {
  test.each<[FeedbackForm, unknown, string | null]>([
    ['ratchet', 7, null],
    ['ratchet', [], null],
    ['ratchet', Array.from({ length: feedbackEntriesMax + 1 }, () => ({ id: 'a', score: 1 })), null],
    ['ratchet', { score: 1 }, 'id'],
    ['ratchet', { id: '', score: 1 }, 'id'],
    ['ratchet', { id: 'a' }, 'score'],
    ['ratchet', { id: 'a', comment: '' }, 'score'],
    ['ratchet', { id: 'a', score: 'good' }, 'score'],
    ['ratchet', { id: 'a', score: 1, metric: 'x' }, 'score'],
    ['ratchet', { id: 'a', score: 1, value: 1 }, 'value'],
    ['ratchet', { id: 'a', metric: 'x' }, 'value'],
    ['ratchet', { id: 'a', value: 1 }, 'metric'],
    ['ratchet', { id: 'a', score: 1, metirc: 'x' }, 'metirc'],
    ['ratchet', { id: 'a', score: 1, tags: { user: 1 } }, 'tags.user'],
    [
      'ratchet',
      [
        { id: 'a', score: 1 },
        { id: 'a', score: {} },
      ],
      '[1].score',
    ],
    ['ratchet', [{ id: 'a', score: 1 }, 7], '[1]'],
    ['gateway', { metric_name: 'x', value: 1 }, 'inference_id'],
    ['gateway', { inference_id: 'a', episode_id: 'b', metric_name: 'x', value: 1 }, 'inference_id'],
    ['gateway', { inference_id: 'a', value: 1 }, 'metric_name'],
    ['gateway', { inference_id: 'a', metric_name: 'x', value: 'text' }, 'value'],
    ['gateway', { inference_id: 'a', metric_name: 'comment', value: 1 }, 'value'],
    ['gateway', { inference_id: 'a', metric_name: 'x', value: 1, dryrun: true }, 'dryrun'],
    ['gateway', { id: 'a', metric_name: 'x', value: 1 }, 'id'],
  ])('%s %.60j: %s', (form, sent, param) => {
    const thrown = (): RatchetError => {
      try {
        parseFeedback(sent, form);
      } catch (error) {
        return error as RatchetError;
      }
      throw new Error('was accepted');
    };
    expect(thrown()).toMatchObject({ code: 'invalid_feedback', param });
  });
});
