import { describe, expect, test } from 'vitest';
import { defaultTreatment } from '../../domain/upstream.ts';
import { createBreaker, type Breaker } from './breaker.ts';

function start(settings: Partial<typeof defaultTreatment.breaker> = {}): {
  readonly breaker: Breaker;
  readonly changes: boolean[];
  readonly pass: (ms: number) => void;
} {
  let nowMs = 1_000;
  const changes: boolean[] = [];
  const breaker = createBreaker(
    { ...defaultTreatment.breaker, calls: 10, pauseMs: 500, ...settings },
    () => nowMs,
    (isOpen) => changes.push(isOpen),
  );
  return { breaker, changes, pass: (ms) => (nowMs += ms) };
}

function call(breaker: Breaker, end: 'succeed' | 'fail' | 'abandon', times = 1): void {
  for (let n = 0; n < times; n += 1) {
    breaker.begin();
    breaker[end]();
  }
}

describe('an upstream counts as down', () => {
  test('when more than the share of the last calls failed, half of them made', () => {
    const { breaker, changes } = start();
    call(breaker, 'fail', 4);
    expect(breaker.isAvailable()).toBe(true);
    call(breaker, 'fail');
    expect([breaker.isAvailable(), breaker.pauseLeftMs(), changes]).toEqual([false, 500, [true]]);
  });

  test('not when half of them succeeded', () => {
    const { breaker, changes } = start();
    for (let n = 0; n < 50; n += 1) {
      call(breaker, 'succeed');
      call(breaker, 'fail');
    }
    expect([breaker.isAvailable(), changes]).toEqual([true, []]);
  });

  test('by its newest calls, however many went well before', () => {
    const { breaker } = start();
    call(breaker, 'succeed', 1_000);
    call(breaker, 'fail', 5);
    expect(breaker.isAvailable()).toBe(true);
    call(breaker, 'fail');
    expect(breaker.isAvailable()).toBe(false);
  });

  test('not by calls that the client ended', () => {
    const { breaker } = start();
    call(breaker, 'abandon', 100);
    expect(breaker.isAvailable()).toBe(true);
  });
});

describe('after the pause', () => {
  const down = (): ReturnType<typeof start> => {
    const started = start();
    call(started.breaker, 'fail', 5);
    started.pass(500);
    return started;
  };

  test('one call tries, others do not wait for it', () => {
    const { breaker } = down();
    expect(breaker.isAvailable()).toBe(true);
    breaker.begin();
    expect(breaker.isAvailable()).toBe(false);
  });

  test('it is up again when the trial succeeds, with nothing held against it', () => {
    const { breaker, changes } = down();
    call(breaker, 'succeed');
    expect([breaker.isAvailable(), changes]).toEqual([true, [true, false]]);
    call(breaker, 'fail', 3);
    expect(breaker.isAvailable()).toBe(true);
    call(breaker, 'fail');
    expect(breaker.isAvailable()).toBe(false);
  });

  test('it is down for another pause when the trial fails', () => {
    const { breaker, changes, pass } = down();
    call(breaker, 'fail');
    pass(499);
    expect(breaker.isAvailable()).toBe(false);
    pass(1);
    expect([breaker.isAvailable(), changes]).toEqual([true, [true]]);
  });

  test('a trial that the client ended leaves it to the next call', () => {
    const { breaker } = down();
    call(breaker, 'abandon');
    expect(breaker.isAvailable()).toBe(true);
  });
});

test('calls that began before the pause do not lengthen it, and one that succeeds ends it', () => {
  const { breaker, pass } = start();
  call(breaker, 'fail', 5);
  pass(400);
  breaker.fail();
  expect(breaker.pauseLeftMs()).toBe(100);
  breaker.succeed();
  expect(breaker.isAvailable()).toBe(true);
});
