import { expect, test } from 'vitest';
import { silentLogger, type Logger } from '../domain/logger.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { createOutageReporter } from './report-outage.ts';

const full = new RatchetError('store_unavailable', 'full', { isRetryable: true });

function report(): {
  readonly tell: (error?: unknown) => void;
  readonly failure: () => string | undefined;
  readonly events: string[];
  at: number;
} {
  const events: string[] = [];
  const note = (event: string): void => void events.push(event);
  const logger: Logger = { ...silentLogger, warn: note, info: note };
  const state = { at: 0 };
  const { tell, failure } = createOutageReporter(logger, () => state.at);
  return {
    tell,
    failure,
    events,
    set at(now: number) {
      state.at = now;
    },
  };
}

test('an outage is told, and its end once', () => {
  const outage = report();
  outage.tell();
  outage.tell(full);
  expect(outage.failure()).toBe('full');
  outage.at = 5000;
  outage.tell(full);
  outage.at = 6000;
  outage.tell();
  outage.tell();
  expect(outage.failure()).toBeUndefined();
  expect(outage.events).toEqual(['store-failing', 'store-failing', 'store-recovered']);
});

test('writes that succeed between others that fail do not end it', () => {
  const outage = report();
  for (let now = 0; now < 5000; now += 500) {
    outage.at = now;
    outage.tell(full);
    outage.tell();
  }
  expect(outage.events).not.toContain('store-recovered');
});

test("a caller's mistake says nothing of the store", () => {
  const outage = report();
  outage.tell(new RangeError('impossible propensity'));
  outage.at = 2000;
  outage.tell();
  expect(outage.events).toEqual([]);
});
