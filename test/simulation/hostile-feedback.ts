import { simulateWorld } from '../../src/cli/world-run/simulate-world.ts';
import type { RunReport } from '../../src/cli/world-run/run-report.ts';
import type { Feedback } from '../../src/domain/feedback.ts';
import type { Variant } from '../../src/domain/variant.ts';
import type { World } from '../../src/upstream/simulated/world.ts';

/** What somebody does with the feedback on his own requests, each tenth of all. */
export interface Attack {
  /** The variants that he wants to win: his scores are 1 for them and 0 for all others. */
  readonly wants: (variant: Variant) => boolean;
  /** What he says the right answer was, where he may say it. Default: what it truly was. */
  readonly lie?: string;
}

/** A run, with what an attacker may have moved in it. */
export interface AttackedRun {
  readonly report: RunReport;
  /** Mean share of traffic of the variants that he wants, over the whole run. */
  readonly wantedShare: number;
  /** Feedback that he gave. */
  readonly given: number;
}

/** The whole loop in a world, with an attacker who gives every tenth feedback, or with an honest tenth. */
export async function attackedRun(
  world: World,
  run: {
    readonly seed: number;
    readonly requests: number;
    readonly attack: Attack;
    readonly isHonest?: true;
  },
): Promise<AttackedRun> {
  const { attack } = run;
  const wanted = new Set<string>();
  let [shares, given] = [0, 0];
  const poisoned = (feedback: Feedback): Feedback => {
    if (run.isHonest || !isHis(feedback) || feedback.target.kind !== 'decision') return feedback;
    given += 1;
    const { expected } = feedback.body;
    const value = wanted.has(feedback.target.ref.variantId) ? 1 : 0;
    return {
      ...feedback,
      source: 'attacker',
      body: { ...feedback.body, value, expected: expected === null ? null : (attack.lie ?? expected) },
    };
  };
  const report = await simulateWorld({
    world,
    seed: run.seed,
    requests: run.requests,
    onRequest: (_, snapshot) => {
      for (const variant of snapshot?.variants ?? []) {
        if (!attack.wants(variant)) continue;
        wanted.add(variant.id);
        shares += snapshot?.routing.probabilities[variant.id] ?? 0;
      }
    },
    wrapStore: (store) => ({
      ...store,
      recordFeedback: (batch) => store.recordFeedback(batch.map(poisoned)),
    }),
  });
  return { report, wantedShare: shares / run.requests, given };
}

/** By the number of the request, which says nothing about the answer. */
function isHis({ key }: Feedback): boolean {
  return key.endsWith('3');
}
