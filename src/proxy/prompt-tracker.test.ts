import { describe, expect, test } from 'vitest';
import { literalSkeleton, skeletonText } from '../domain/skeleton.ts';
import { settledAfter, type Baseline } from '../domain/task.ts';
import { alignmentsPerSecondMax, createAligner } from './aligner.ts';
import {
  createPromptTracker,
  newPromptSightings,
  returningPromptSightings,
  type PromptTracker,
} from './prompt-tracker.ts';

const clock = { ms: 0, now: () => clock.ms };
const prompt = 'You sort tickets of Acme Mail into queues.';
const first: Baseline = { version: 1, skeleton: literalSkeleton(prompt), stableFor: 0 };
const track = (): PromptTracker => {
  clock.ms += 1000;
  return createPromptTracker(first, createAligner(clock));
};
const textOf = (tracker: PromptTracker): string => skeletonText(tracker.baseline().skeleton);

describe('a tracked prompt', () => {
  test('counts how often it came unchanged, and starts over when a place turns out to differ', () => {
    const tracker = track();
    expect(tracker.match(prompt)).toEqual({});
    expect(tracker.match(prompt)).toEqual({});
    expect(tracker.baseline().stableFor).toBe(2);
    expect(tracker.match('You sort tickets of Bold Mail into queues.')).toBeUndefined();
    expect(tracker.learn('You sort tickets of Bold Mail into queues.')).toEqual({ slot1: 'Bold' });
    expect(tracker.baseline()).toMatchObject({ version: 1, stableFor: 0 });
    expect(tracker.match('You sort tickets of Cold Mail into queues.')).toEqual({ slot1: 'Cold' });
    expect(tracker.baseline().stableFor).toBe(1);
  });

  test('is worth saving when it changed, and once when it has settled', () => {
    const tracker = track();
    expect(tracker.isUnsaved()).toBe(true);
    tracker.markSaved(tracker.baseline());
    for (let n = 0; n < settledAfter - 1; n += 1) tracker.match(prompt);
    expect(tracker.isUnsaved()).toBe(false);
    tracker.match(prompt);
    expect(tracker.isUnsaved()).toBe(true);
    tracker.markSaved(tracker.baseline());
    for (let n = 0; n < 100; n += 1) tracker.match(prompt);
    expect(tracker.isUnsaved()).toBe(false);
    tracker.learn(prompt.replace('Acme', 'Bold'));
    expect(tracker.isUnsaved()).toBe(true);
  });

  test(`gives way to another one seen ${newPromptSightings} times in a row, whatever stands in its slots`, () => {
    const tracker = track();
    const next = (day: string): string => `Classify this message by its topic. It is ${day} now.`;
    const days = ['Monday', 'Tuesday', 'Friday', 'Sunday'];
    for (const day of days) expect(tracker.meetStranger(next(day))).toBeUndefined();
    expect(tracker.baseline()).toBe(first);
    expect(tracker.meetStranger(next('Easter'))).toEqual({ slot1: 'Easter' });
    expect(tracker.baseline()).toMatchObject({ version: 2, stableFor: 3 });
    expect(textOf(tracker)).toBe('Classify this message by its topic. It is {{slot1}} now.');
  });

  test('is found where most of it is filled in anew each time', () => {
    const tracker = track();
    const next = (found: string): string => `Read what was found. ${found}. Then answer in one sentence.`;
    const pages = ['red blue', 'ham eggs milk', 'up down left', 'tin zinc lead iron', 'oak elm ash'];
    const slots = pages.map((page) => tracker.meetStranger(next(`${page} ${page} ${page} ${page} ${page}`)));
    expect(slots.at(-1)).toMatchObject({ slot1: expect.stringContaining('oak elm ash') });
    expect(textOf(tracker)).toBe('Read what was found. {{slot1}}. Then answer in one sentence.');
  });

  test('stays where others come mixed with it, or each is another one', () => {
    const tracker = track();
    for (let n = 0; n < 50; n += 1) {
      tracker.meetStranger('Something else altogether stands here.');
      if (n % 4 === 3) tracker.match(prompt);
    }
    expect(tracker.baseline().version).toBe(1);
    const words = (n: number): string => `${'abcdefghij'[n % 10]}${'klmnopqrst'[Math.floor(n / 10)]}x`;
    for (let n = 0; n < 50; n += 1) tracker.meetStranger(`${words(n)} ${words(n)}y ${words(n)}z`);
    expect(tracker.baseline().version).toBe(1);
  });

  test(`comes back only after ${returningPromptSightings} sightings`, () => {
    const tracker = track();
    for (let n = 0; n < newPromptSightings; n += 1) tracker.meetStranger('A new prompt for this agent.');
    expect(tracker.baseline().version).toBe(2);
    for (let n = 1; n < returningPromptSightings; n += 1)
      expect(tracker.meetStranger(prompt)).toBeUndefined();
    expect(tracker.meetStranger(prompt)).toEqual({});
    expect(tracker.baseline().version).toBe(3);
  });
});

describe('what the store has', () => {
  const stored = (change: Partial<Baseline>): Baseline => ({ ...first, ...change });

  test('is taken over where it is a newer version, or another replica has learned', () => {
    for (const newer of [
      stored({ version: 2, skeleton: literalSkeleton('Other.') }),
      stored({ skeleton: { segments: [{ kind: 'slot', name: 'all' }] } }),
    ]) {
      const tracker = track();
      tracker.follow(newer);
      expect(tracker.baseline()).toBe(newer);
      expect(tracker.isUnsaved()).toBe(false);
    }
  });

  test('does not undo what was learned here, neither before it is saved nor while the snapshot lags', () => {
    const tracker = track();
    tracker.follow(stored({}));
    tracker.learn(prompt.replace('Acme', 'Bold'));
    tracker.follow(stored({ stableFor: 3 }));
    expect(textOf(tracker)).toContain('{{slot1}}');
    tracker.markSaved(tracker.baseline());
    tracker.follow(stored({ stableFor: 4 }));
    expect(textOf(tracker)).toContain('{{slot1}}');
  });
});

test('prompts that differ more often than time allows count as others, for a second', () => {
  clock.ms += 1000;
  const aligner = createAligner(clock);
  const known = literalSkeleton(`${prompt} Today is Monday.`);
  // Each tracker is new to the other day, so that each needs an alignment.
  const learned = (): number =>
    Array.from({ length: 30 }, () => createPromptTracker({ ...first, skeleton: known }, aligner))
      .map((tracker) => tracker.learn(`${prompt} Today is Friday.`))
      .filter((slots) => slots !== undefined).length;
  expect(learned()).toBe(alignmentsPerSecondMax);
  expect(learned()).toBe(0);
  clock.ms += 1000;
  expect(learned()).toBe(alignmentsPerSecondMax);
});
