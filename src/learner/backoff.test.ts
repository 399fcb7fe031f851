import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterAsk, feedbacksToWait, isAskDue, retryDelayMs } from './backoff.ts';
import { emptyTaskMemory, type LearnerMoment, type TaskMemory } from './learner-memory.ts';

const moment = (change: Partial<LearnerMoment> = {}): LearnerMoment => ({
  feedbacks: 1_000,
  incumbentKey: '1 baseline',
  nowMs: 5_000,
  ...change,
});

const after = (outcomes: readonly ('fruitful' | 'fruitless' | 'failed')[]): TaskMemory =>
  outcomes.reduce((memory: TaskMemory, outcome) => afterAsk(memory, outcome, moment()), emptyTaskMemory);

describe('the wait after calls that gave nothing new', () => {
  it.each([
    [0, 0],
    [1, 200],
    [2, 400],
    [3, 800],
    [4, 1_600],
    [5, 3_200],
    [6, 3_200],
    [2_000, 3_200],
  ])('after %i in a row is %i feedbacks', (fruitless, feedbacks) => {
    expect(feedbacksToWait(fruitless)).toBe(feedbacks);
  });

  it('ends with the last of the feedbacks, not before', () => {
    const memory = after(['fruitless', 'fruitless']);
    expect(isAskDue(memory, moment({ feedbacks: 1_399 }))).toBe(false);
    expect(isAskDue(memory, moment({ feedbacks: 1_400 }))).toBe(true);
  });

  it.each(['1 other', '2 baseline'])(
    'ends at once with another incumbent or baseline: %s',
    (incumbentKey) => {
      expect(isAskDue(after(['fruitless']), moment({ incumbentKey }))).toBe(true);
    },
  );

  it('is forgotten after something new', () => {
    expect(isAskDue(after(['fruitless', 'fruitless', 'fruitful']), moment())).toBe(true);
  });
});

describe('the wait after calls that failed', () => {
  it.each([
    [0, 0],
    [1, 60_000],
    [2, 120_000],
    [7, 3_600_000],
    [2_000, 3_600_000],
  ])('after %i in a row is %i ms', (failures, delayMs) => {
    expect(retryDelayMs(failures)).toBe(delayMs);
  });

  it('does not last until a clock that was set back has caught up', () => {
    const memory = after(['failed']);
    expect(isAskDue(memory, moment({ nowMs: 5_000 - 86_400_000 }))).toBe(true);
  });

  it('holds even for another incumbent, and ends by itself', () => {
    const memory = after(['failed']);
    expect(isAskDue(memory, moment({ nowMs: 64_999, incumbentKey: '1 other' }))).toBe(false);
    expect(isAskDue(memory, moment({ nowMs: 65_000 }))).toBe(true);
  });

  it('passes no turn on, and says nothing about the prompt', () => {
    expect(after(['failed', 'failed'])).toMatchObject({ turn: 0, fruitless: 0 });
    expect(after(['fruitless', 'failed']).fruitless).toBe(1);
  });
});

it('never waits for ever, whatever happened', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<'fruitful' | 'fruitless' | 'failed'>('fruitful', 'fruitless', 'failed')),
      (outcomes) => {
        const later = moment({ feedbacks: 1_000 + 3_200, nowMs: 5_000 + 3_600_000 });
        expect(isAskDue(after(outcomes), later)).toBe(true);
      },
    ),
  );
});
