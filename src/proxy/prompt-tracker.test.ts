import { describe, expect, test } from 'vitest';
import { literalSkeleton, skeletonText } from '../domain/skeleton.ts';
import { settledAfter, type Baseline } from '../domain/task.ts';
import { createAligner, workAtOnceMax, workPerSecondMax } from './aligner.ts';
import { createPromptTracker, type PromptTracker } from './prompt-tracker.ts';
import { newPromptSightings, returningPromptSightings, unclearPromptSightings } from './strangers.ts';
import { wideningFills } from './widening.ts';

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

describe('what differs in a prompt', () => {
  const rules = 'Answer with the name of one queue. Never promise a date. Be kind.';
  const about = (passage: string, end = rules): string =>
    `You answer questions of our customers. Use what stands here. ${passage} ${end}`;
  const passages = [
    'the train leaves at nine from the old pier',
    'refunds are paid within ten days of the return',
    'the shop opens at eight and closes at six',
    'parcels may take longer than that in winter',
    'every plan comes with a month free of charge',
  ];
  const start = (text: string, isSettled: boolean): PromptTracker => {
    clock.ms += 1000;
    const tracker = createPromptTracker(
      { version: 1, skeleton: literalSkeleton(text), stableFor: 0 },
      createAligner(clock),
    );
    const sightings = isSettled ? settledAfter : 0;
    for (let n = 0; n < sightings; n += 1) tracker.match(text);
    return tracker;
  };
  const meet = (tracker: PromptTracker, text: string): ReturnType<PromptTracker['match']> => {
    clock.ms += 1000;
    return tracker.match(text) ?? tracker.learn(text) ?? tracker.meetStranger(text);
  };
  const slotted = about('{{slot1}}').replace(' Answer', '. Answer').replace('. Answer', ' Answer');

  test.each([true, false])('is filled in where it is names and dates, settled %s', (isSettled) => {
    const tracker = start(about('It is Monday 2 November for Anna.'), isSettled);
    expect(meet(tracker, about('It is Friday 6 November for Bob.'))).toEqual({
      slot1: 'Friday 6',
      slot2: 'Bob',
    });
    expect(tracker.baseline().version).toBe(1);
  });

  test(`is filled in where running text has been seen in ${wideningFills} ways`, () => {
    const [one = '', ...others] = passages;
    const tracker = start(about(one), true);
    const met = others.map((passage) => meet(tracker, about(passage)));
    expect(met.map((slots) => slots !== undefined)).toEqual([false, false, false, true]);
    expect(tracker.baseline()).toMatchObject({ version: 1, stableFor: 0 });
    expect(textOf(tracker)).toBe(slotted);
  });

  test('is filled in where two prompts take turns, unless one of them had settled: that is a rollout', () => {
    const [one = '', other = ''] = passages;
    for (const isSettled of [false, true]) {
      const tracker = start(about(one), isSettled);
      expect(meet(tracker, about(other))).toBeUndefined();
      for (let n = 0; n < 3; n += 1)
        expect(meet(tracker, about(one))).toEqual(isSettled ? {} : { slot1: one });
      for (let n = 0; n < 100; n += 1) meet(tracker, about(n % 2 === 0 ? other : one));
      expect(textOf(tracker)).toBe(isSettled ? about(one) : slotted);
      expect(tracker.baseline().version).toBe(1);
    }
  });

  test('is filled in behind a label, at once unless the prompt had settled', () => {
    const labelled = (passage: string): string => about(`Context:\n${passage}\n`);
    const [one = '', other = ''] = passages;
    expect(meet(start(labelled(one), false), labelled(other))).toEqual({ slot1: other });
    expect(meet(start(labelled(one), true), labelled(other))).toBeUndefined();
  });

  test('is an edit of the developer where one prompt came for long and another one takes its place', () => {
    const edited = about(passages[0] ?? '', rules.replace('Be kind', 'Always reply in verse'));
    const tracker = start(about(passages[0] ?? ''), true);
    for (let n = 1; n < newPromptSightings; n += 1) expect(meet(tracker, edited)).toBeUndefined();
    expect(meet(tracker, edited)).toEqual({});
    expect(tracker.baseline()).toMatchObject({ version: 2, skeleton: literalSkeleton(edited) });
  });

  test('an edit keeps the slots that it leaves alone, and their names', () => {
    const dated = (day: string, name: string, end: string): string =>
      `Today is ${day}. You help ${name} with questions. ${end}`;
    const tracker = start(dated('Monday', 'Anna', rules), false);
    meet(tracker, dated('Monday', 'Bob', rules));
    meet(tracker, dated('Friday', 'Bob', rules));
    for (let n = 0; n < settledAfter; n += 1) meet(tracker, dated('Monday', 'Cem', rules));
    expect(textOf(tracker)).toBe(dated('{{slot2}}', '{{slot1}}', rules));
    const next = 'Reply in one short sentence, whatever you are asked.';
    for (const [n, day] of ['Monday', 'Friday', 'Sunday', 'Easter', 'Tuesday'].entries())
      meet(tracker, dated(day, ['Anna', 'Bob'][n % 2] ?? '', next));
    expect(tracker.baseline().version).toBe(2);
    expect(textOf(tracker)).toBe(dated('{{slot2}}', '{{slot1}}', next));
  });

  test(`waits longer where only two new prompts are seen, of which each may be the next`, () => {
    const [one = '', other = ''] = passages;
    const tracker = start('Sort the tickets of our customers into queues.', true);
    let sightings = 0;
    while (tracker.baseline().version === 1) {
      meet(tracker, about(sightings % 2 === 0 ? one : other));
      sightings += 1;
    }
    expect(sightings).toBe(unclearPromptSightings);
  });

  test('single experiments of months make no slot', () => {
    const tracker = start(about(passages[0] ?? ''), true);
    for (const passage of [...passages.slice(1), ...passages.slice(1)]) {
      expect(meet(tracker, about(`${passage} and more`))).toBeUndefined();
      for (let n = 0; n < 1100; n += 1) tracker.match(about(passages[0] ?? ''));
    }
    expect(textOf(tracker)).toBe(about(passages[0] ?? ''));
  });
});

describe('several replicas', () => {
  interface Shared {
    baseline: Baseline;
  }
  const sync = (tracker: PromptTracker, shared: Shared): void => {
    tracker.follow(shared.baseline);
    if (!tracker.isUnsaved()) return;
    const mine = tracker.baseline();
    if (mine.version >= shared.baseline.version) shared.baseline = { ...mine };
    tracker.markSaved(mine);
  };

  test('that learn of different places come to one skeleton, with one name for each slot', () => {
    const on = (day: string, name: string): string =>
      `Today is ${day}. You sort the tickets of ${name} into queues.`;
    clock.ms += 1000;
    const literal: Baseline = { version: 1, skeleton: literalSkeleton(on('Monday', 'Anna')), stableFor: 0 };
    const shared: Shared = { baseline: literal };
    const [one, other] = [0, 1].map(() => createPromptTracker(literal, createAligner(clock)));
    if (one === undefined || other === undefined) throw new Error('no trackers');
    for (const tracker of [one, other]) sync(tracker, shared);
    one.learn(on('Friday', 'Anna'));
    other.learn(on('Monday', 'Bob'));
    for (let round = 0; round < 3; round += 1) for (const tracker of [one, other]) sync(tracker, shared);
    expect(textOf(one)).toBe(on('{{slot1}}', '{{slot2}}'));
    expect(one.baseline().skeleton).toEqual(other.baseline().skeleton);
    expect(shared.baseline.skeleton).toEqual(one.baseline().skeleton);
    expect(one.isUnsaved() || other.isUnsaved()).toBe(false);
  });

  test('of which each sees one prompt of a rollout only move the baseline a few times, not all the time', () => {
    const next = 'Classify the customer message. Reply with one word: billing, bug or account.';
    const shared: Shared = { baseline: first };
    const trackers = [track(), track()];
    for (let n = 0; n < 4000; n += 1)
      for (const [index, tracker] of trackers.entries()) {
        const text = index === 0 ? prompt : next;
        if (tracker.match(text) === undefined) tracker.meetStranger(text);
        sync(tracker, shared);
      }
    expect(shared.baseline.version).toBeLessThanOrEqual(8);
  });
});

test('what strangers cost is bounded, in time and in memory', () => {
  const tracker = track();
  const sentence = (n: number): string =>
    Array.from({ length: 40 }, (_, word) => `w${(n * 7919 + word * 104_729) % 99_991}`).join(' ');
  for (let n = 0; n < 20_000; n += 1) {
    const text = sentence(n);
    expect(tracker.match(text) ?? tracker.learn(text) ?? tracker.meetStranger(text)).toBeUndefined();
  }
  expect(tracker.size()).toBeLessThan(20 * sentence(1).length);
});

test('prompts that differ more often than time allows count as strangers, for a while', () => {
  clock.ms += 1000;
  const aligner = createAligner(clock);
  const known = literalSkeleton(`${prompt} Today is Monday.`);
  // Each tracker is new to the other day, so that each needs a comparison.
  const learned = (trackers: number): number =>
    Array.from({ length: trackers }, () => createPromptTracker({ ...first, skeleton: { ...known } }, aligner))
      .map((tracker) => tracker.learn(`${prompt} Today is Friday.`))
      .filter((slots) => slots !== undefined).length;
  const affordable = learned(1000);
  expect(affordable).toBeGreaterThan(workAtOnceMax / 1000);
  expect(affordable).toBeLessThan(workAtOnceMax / 500);
  expect(learned(1)).toBe(0);
  clock.ms += 100;
  expect(learned(1000)).toBeCloseTo((affordable * workPerSecondMax) / workAtOnceMax / 10, -1);
  clock.ms -= 3_600_000;
  expect(learned(1)).toBe(0);
});
