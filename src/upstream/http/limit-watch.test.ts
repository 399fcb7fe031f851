import { expect, it } from 'vitest';
import { createLimitWatch, type MetLimit } from './limit-watch.ts';

function watching(): {
  readonly met: readonly MetLimit[];
  readonly look: (status: number, headers: readonly string[], afterMs?: number) => void;
} {
  let timeMs = 0;
  const met: MetLimit[] = [];
  const watch = createLimitWatch({
    onLimit: (limit) => met.push(limit),
    clock: { now: () => 1_000_000 },
    stopwatch: () => timeMs,
  });
  return {
    met,
    look: (status, headers, afterMs = 1_000) => {
      timeMs += afterMs;
      watch.look('https://one/v1', 'm', { status, headers });
    },
  };
}

const near = ['X-RateLimit-Limit-Requests', '100', 'x-ratelimit-remaining-requests', '3'];

it('tells what is left of a limit, and that nothing is after a 429', () => {
  const { met, look } = watching();
  look(200, [...near, 'x-ratelimit-reset-requests', '2s']);
  look(429, ['retry-after', '9']);
  look(429, []);
  look(200, ['content-type', 'text/plain']);
  expect(met).toEqual(
    [
      { leftShare: 0.03, resetsAtMs: 1_002_000 },
      { leftShare: 0, resetsAtMs: 1_009_000 },
      { leftShare: 0, resetsAtMs: 1_005_000 },
    ].map((rateLimit) => ({ upstreamUrl: 'https://one/v1', model: 'm', rateLimit })),
  );
});

it('looks ten times a second at most, however many responses there are', () => {
  const { met, look } = watching();
  for (let response = 0; response < 1_000; response++) look(200, near, 1);
  expect(met.length).toBe(10);
});
