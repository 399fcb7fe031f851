import fc from 'fast-check';
import type { Decision } from '../domain/decision.ts';
import type { Feedback } from '../domain/feedback.ts';
import { hourMs, sampleDecision, sampleFeedback, startMs } from './samples.case.ts';

/** What agents and their users do, in the order in which it happened. */
export interface Scenario {
  readonly decisions: readonly Decision[];
  /** Each at a moment of its own. */
  readonly feedback: readonly Feedback[];
}

interface Turn {
  readonly attribution: Decision['attribution'];
  readonly votes: readonly Vote[];
}

interface Vote {
  readonly metric: 'score' | 'resolved' | 'latency';
  readonly value: number;
  readonly by: 'signed id' | 'completion id';
  readonly key: 'own' | 'shared';
}

const vote: fc.Arbitrary<Vote> = fc.record({
  metric: fc.constantFrom('score', 'resolved', 'latency'),
  value: fc.constantFrom(0, 0.25, 0.5, 1),
  by: fc.constantFrom('signed id', 'completion id'),
  key: fc.constantFrom('own', 'shared'),
});
const turn: fc.Arbitrary<Turn> = fc.record({
  attribution: fc.constantFrom('drawn', 'drawn', 'drawn', 'pinned', 'removed'),
  votes: fc.array(vote, { maxLength: 3 }),
});
const episode = fc.record({
  turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
  verdicts: fc.array(fc.constantFrom(0, 0.5, 1), { maxLength: 2 }),
});

/** A few episodes of a few turns, some voted on, by signed id, completion id or as a whole. */
const scenarios: fc.Arbitrary<Scenario> = fc
  .array(episode, { minLength: 1, maxLength: 5 })
  .map((episodes) => {
    const decisions: Decision[] = [];
    const feedback: Feedback[] = [];
    const nextMs = (): number => startMs + hourMs + feedback.length;
    for (const [index, { turns, verdicts }] of episodes.entries()) {
      for (const [step, { attribution, votes }] of turns.entries()) {
        const atMs = startMs + index * 100 + step;
        const decision = sampleDecision(`d${index}-${step}`, {
          episodeId: `run-${index}`,
          atMs,
          attribution,
        });
        decisions.push(decision);
        for (const { metric, value, by, key } of votes) {
          const target = by === 'signed id' ? decision : (decision.completionId ?? '');
          const isShared = key === 'shared';
          const name = isShared ? `${decision.decisionId}-${metric}` : `vote-${feedback.length}`;
          // A key that takes back a correction cannot be told from a repeat that comes late, so values differ.
          const given = isShared ? feedback.length / 100 : value;
          feedback.push(sampleFeedback(target, { metric, value: given }, { key: name, atMs: nextMs() }));
        }
      }
      for (const value of verdicts)
        feedback.push(
          sampleFeedback(`run-${index}`, { value }, { key: `verdict-${feedback.length}`, atMs: nextMs() }),
        );
    }
    return { decisions, feedback };
  });

/** One thing that reaches the store. */
export type Arrival =
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'feedback'; readonly feedback: Feedback };

/** A scenario with its arrivals out of order and some of them repeated. */
export const disorders: fc.Arbitrary<{ readonly scenario: Scenario; readonly arrivals: readonly Arrival[] }> =
  scenarios.chain((scenario) => {
    const all: readonly Arrival[] = inOrder(scenario);
    return fc
      .tuple(
        fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length }),
        fc.shuffledSubarray([...all]),
      )
      .map(([arrivals, repeats]) => ({ scenario, arrivals: [...arrivals, ...repeats] }));
  });

/** A scenario as it happened. */
export function inOrder({ decisions, feedback }: Scenario): readonly Arrival[] {
  return [
    ...decisions.map((decision): Arrival => ({ kind: 'decision', decision })),
    ...feedback.map((each): Arrival => ({ kind: 'feedback', feedback: each })),
  ];
}
