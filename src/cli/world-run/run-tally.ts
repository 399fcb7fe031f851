import type { Variant } from '../../domain/variant.ts';
import { makeVariant } from '../../domain/variant.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { RunReport } from './run-report.ts';
import { createSeries } from './series.ts';
import type { VariantTruth } from './variant-truth.ts';

/** Adds up what every request of a run was truly worth. */
export interface RunTally {
  /** `snapshot` is what was served from; `undefined` before the task is known. */
  readonly request: (index: number, served: Variant | undefined, snapshot: TaskSnapshot | undefined) => void;
  readonly feedback: (count: number) => void;
  readonly build: () => Pick<
    RunReport,
    'requests' | 'feedback' | 'trueMeanReward' | 'regret' | 'uniform' | 'baselineOnly'
  >;
}

/** An empty tally of a run of that many requests. */
export function createRunTally(requests: number, truth: VariantTruth): RunTally {
  const reward = createSeries(requests);
  const regret = createSeries(requests);
  const uniform = createSeries(requests);
  const baselineOnly = createSeries(requests);
  let requestsSeen = 0;
  let feedbackSeen = 0;
  return {
    request: (index, served, snapshot) => {
      const own = truth.valueOf(makeVariant('', snapshot?.task.baseline.version ?? 0, []));
      const value = served === undefined ? own : truth.valueOf(served);
      const arms = snapshot?.variants.map(truth.valueOf) ?? [own];
      reward.add(index, value);
      regret.add(index, Math.max(...arms) - value);
      uniform.add(index, arms.reduce((sum, arm) => sum + arm, 0) / arms.length);
      baselineOnly.add(index, own);
      requestsSeen += 1;
    },
    feedback: (count) => {
      feedbackSeen += count;
    },
    build: () => ({
      requests: requestsSeen,
      feedback: feedbackSeen,
      trueMeanReward: reward.build('mean'),
      regret: regret.build('sum'),
      uniform: uniform.build('mean'),
      baselineOnly: baselineOnly.build('mean'),
    }),
  };
}
