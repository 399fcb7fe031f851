import { describe, expect, test } from 'vitest';
import { defaultTreatment, type RetryConfig } from '../../domain/upstream.ts';
import { isNamed, nextStep, type Outcome, type Situation, type Step } from './next-step.ts';

const answer = (status: number, afterMs: number | null = null, isWanted: boolean | null = null): Outcome => ({
  kind: 'answer',
  status,
  hint: { afterMs, isWanted },
});
const everything: RetryConfig = {
  max: 3,
  on: ['refused', 'unreachable', 'reset', 'timeout', 408, 409, 429, '5xx'],
  pauseMsMax: 2_000,
  isForRetryingClients: false,
};
const usual: Situation = {
  retries: defaultTreatment.retries,
  retried: 0,
  staleConnections: 0,
  isRepeatable: true,
  isClientRetrying: false,
  hasNext: false,
  draw: 0,
};
const relay: Step = { kind: 'relay' };
const next: Step = { kind: 'next' };
const again = (afterMs: number): Step => ({ kind: 'again', afterMs });

describe('what comes after an attempt', () => {
  test.each<[string, Outcome, Partial<Situation>, Step]>([
    // With nothing configured: what was not sent is sent again, everything else is the client's to judge.
    ['refused', { kind: 'refused' }, {}, again(50)],
    [
      'refused, to a client that tries again itself',
      { kind: 'refused' },
      { isClientRetrying: true },
      again(50),
    ],
    ['refused once more', { kind: 'refused' }, { retried: 1 }, again(100)],
    ['refused a third time', { kind: 'refused' }, { retried: 2 }, relay],
    ['refused, half of the pause at random', { kind: 'refused' }, { draw: 0.5 }, again(75)],
    ['refused with its body gone', { kind: 'refused' }, { isRepeatable: false }, relay],
    ['unreachable', { kind: 'unreachable' }, {}, relay],
    ['reset', { kind: 'reset' }, {}, relay],
    ['timeout', { kind: 'timeout' }, {}, relay],
    ['429', answer(429, 10), {}, relay],
    ['503', answer(503), {}, relay],
    ['500 that wants to be asked again', answer(500, null, true), {}, relay],
    ['401', answer(401), {}, relay],

    // A kept connection that upstream closed as the request was on its way.
    ['stale', { kind: 'stale' }, {}, again(0)],
    ['stale, of a client that tries again itself', { kind: 'stale' }, { isClientRetrying: true }, again(0)],
    ['stale for the third time', { kind: 'stale' }, { staleConnections: 2 }, again(0)],
    ['stale for the fourth time', { kind: 'stale' }, { staleConnections: 3 }, relay],
    ['stale with its body gone', { kind: 'stale' }, { isRepeatable: false }, relay],
    [
      'stale for the fourth time where resets are retried',
      { kind: 'stale' },
      { staleConnections: 3, retries: everything },
      again(50),
    ],

    // Retries that were asked for.
    ['reset, named', { kind: 'reset' }, { retries: everything }, again(50)],
    ['timeout, named', { kind: 'timeout' }, { retries: everything, retried: 2 }, again(200)],
    ['5xx, named', answer(502), { retries: everything }, again(50)],
    ['409, named', answer(409), { retries: everything }, again(50)],
    ['400, not named', answer(400), { retries: everything }, relay],
    ['named, all used up', answer(502), { retries: everything, retried: 3 }, relay],
    ['named, body gone', answer(502), { retries: everything, isRepeatable: false }, relay],
    ['named, the client tries again', answer(502), { retries: everything, isClientRetrying: true }, relay],
    [
      'named, the client tries again, wanted all the same',
      answer(502),
      { retries: { ...everything, isForRetryingClients: true }, isClientRetrying: true },
      again(50),
    ],
    [
      'the pause is bounded',
      { kind: 'reset' },
      { retries: { ...everything, max: 20 }, retried: 10 },
      again(1_000),
    ],
    ['overloaded is never tried again', { kind: 'overloaded' }, { retries: everything }, relay],
    ['unsendable stays so', { kind: 'unsendable' }, { retries: everything, hasNext: true }, relay],

    // What upstream says of trying again.
    ['comes again when it is told', answer(429, 1_500), { retries: everything, draw: 0.9 }, again(1_500)],
    ['not when that is too long', answer(429, 2_001), { retries: everything }, relay],
    ['not when it is told not to', answer(429, null, false), { retries: everything }, relay],
    ['also where it would not', answer(400, null, true), { retries: everything }, again(50)],

    // Another upstream: after the retries, and only where it can make a difference.
    ['refused, after the retries', { kind: 'refused' }, { hasNext: true, retried: 2 }, next],
    ['refused, before them', { kind: 'refused' }, { hasNext: true }, again(50)],
    ['unreachable', { kind: 'unreachable' }, { hasNext: true }, next],
    ['reset', { kind: 'reset' }, { hasNext: true }, next],
    ['timeout', { kind: 'timeout' }, { hasNext: true }, next],
    ['overloaded', { kind: 'overloaded' }, { hasNext: true }, next],
    ['408', answer(408), { hasNext: true }, next],
    ['429 that says to wait long', answer(429, 60_000), { hasNext: true, retries: everything }, next],
    ['429 that says not to try again', answer(429, null, false), { hasNext: true }, next],
    ['500', answer(500), { hasNext: true }, next],
    ['of a client that tries again', answer(500), { hasNext: true, isClientRetrying: true }, next],
    ['with its body gone', answer(500), { hasNext: true, isRepeatable: false }, relay],
    ['400', answer(400), { hasNext: true }, relay],
    ['401', answer(401), { hasNext: true }, relay],
    ['404', answer(404), { hasNext: true }, relay],
  ])('%s', (_, outcome, situation, step) => {
    expect(nextStep(outcome, { ...usual, ...situation })).toEqual(step);
  });
});

test.each<[Outcome, readonly (string | number)[]]>([
  [{ kind: 'refused' }, ['refused']],
  [{ kind: 'unreachable' }, ['unreachable']],
  [{ kind: 'reset' }, ['reset']],
  [{ kind: 'stale' }, ['reset']],
  [{ kind: 'timeout' }, ['timeout']],
  [{ kind: 'overloaded' }, []],
  [{ kind: 'unsendable' }, []],
  [answer(429), [429]],
  [answer(500), ['5xx', 500]],
  [answer(599), ['5xx']],
  [answer(499), []],
])('%j is named by %j, and by nothing else', (outcome, names) => {
  const all = ['refused', 'unreachable', 'reset', 'timeout', '5xx', 429, 500] as const;
  expect(all.filter((name) => isNamed(outcome, [name]))).toEqual(all.filter((name) => names.includes(name)));
});
