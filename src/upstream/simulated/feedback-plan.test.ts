import { describe, expect, it } from 'vitest';
import { planFeedback, type AnsweredTurn, type PlannedFeedback } from './feedback-plan.ts';
import type { FeedbackBehaviour } from './world.ts';

const behaviour: FeedbackBehaviour = {
  metric: 'score',
  delayRequests: [0, 0],
  missing: 0,
  missingByFacet: {},
  flip: 0,
  withExpected: 0,
  withComment: 0,
  level: 'request',
};
const input = { text: 'Charged twice', answer: 'billing', segment: 'money', difficulty: 0 };
const right: AnsweredTurn = { input, given: 'billing', isRight: true, expected: 'billing' };
const wrong: AnsweredTurn = { input, given: 'bug', isRight: false, expected: 'billing' };

function plan(
  changes: Partial<FeedbackBehaviour>,
  { turns = [right], facetIds = [] as readonly string[], request = 0 } = {},
): PlannedFeedback | undefined {
  return planFeedback({ ...behaviour, ...changes }, { seed: 1, request, episode: null, turns, facetIds });
}

const requests = Array.from({ length: 20_000 }, (_, request) => request);

/** Share of 20,000 requests for which something holds. */
function share(holds: (request: number) => boolean): number {
  return requests.filter(holds).length / requests.length;
}

/** Within 4 standard errors of a share of 20,000. */
function expectShare(found: number, wanted: number): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(
    4 * Math.sqrt((wanted * (1 - wanted)) / requests.length),
  );
}

describe('planFeedback', () => {
  it('is 1 for right and 0 for wrong, at once, and carries nothing else', () => {
    const bare = {
      request: 7,
      episode: null,
      dueAtRequest: 7,
      metric: 'score',
      expected: null,
      comment: null,
    };
    expect(plan({}, { request: 7 })).toEqual({ ...bare, value: 1 });
    expect(plan({}, { request: 7, turns: [wrong] })).toEqual({ ...bare, value: 0 });
  });

  it('is the mean of its turns', () => {
    expect(plan({}, { turns: [right, wrong, right, right] })?.value).toBe(0.75);
  });

  it.each([0.02, 0.3])('flips a share of %f', (flip) => {
    expectShare(
      share((request) => plan({ flip }, { request })?.value === 0),
      flip,
    );
  });

  it('flips each turn on its own', () => {
    const values = requests.map((request) => plan({ flip: 0.5 }, { request, turns: [right, right] })?.value);
    expectShare(values.filter((value) => value === 0.5).length / requests.length, 0.5);
  });

  it.each([
    { facetIds: [], wanted: 0.4 },
    { facetIds: ['verbose'], wanted: 0.6 },
    { facetIds: ['other'], wanted: 0.4 },
    { facetIds: ['terse'], wanted: 0.1 },
    { facetIds: ['terse', 'verbose'], wanted: 0.6 },
  ])('is missing with a share of $wanted under $facetIds', ({ facetIds, wanted }) => {
    const changes = { missing: 0.4, missingByFacet: { verbose: 0.6, terse: 0.1 } };
    expectShare(
      share((request) => plan(changes, { request, facetIds }) === undefined),
      wanted,
    );
  });

  it('carries the right answer and a comment by shares of what is given', () => {
    const changes = { missing: 0.5, withExpected: 0.3, withComment: 0.1 };
    const given = requests.flatMap((request) => plan(changes, { request, turns: [wrong] }) ?? []);
    const expected = given.filter((feedback) => feedback.expected === 'billing').length / given.length;
    const comments = given.filter(({ comment }) => comment !== null).length / given.length;
    expect(Math.abs(expected - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / given.length));
    expect(Math.abs(comments - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / given.length));
  });

  it('names in the comment what was wrong, without giving the right answer away', () => {
    const comment = plan({ withComment: 1 }, { turns: [right, wrong] })?.comment;
    expect(comment).toBe('"bug" is wrong for "Charged twice". The question is about money.');
    expect(plan({ withComment: 1 })?.comment).toBe('This is right.');
  });

  it('comes after each delay in the range equally often, both ends included', () => {
    const delays = new Map<number, number>();
    for (const request of requests) {
      const delay = (plan({ delayRequests: [3, 6] }, { request })?.dueAtRequest ?? 0) - request;
      delays.set(delay, (delays.get(delay) ?? 0) + 1);
    }
    expect(new Set(delays.keys())).toEqual(new Set([3, 4, 5, 6]));
    for (const count of delays.values()) expectShare(count / requests.length, 0.25);
  });
});
