import { klStep } from '../stats/kl-step.ts';

/** An arm on trial: its share now and the one that the policy wants for it. */
export interface Trial {
  readonly share: number;
  readonly target: number;
}

/**
 * The next shares of the arms on trial. Retreat is never limited: an arm whose target lies below its share goes there
 * at once. The others advance together by one KL-limited step, and none past its target. Whatever else is served
 * counts as one arm in that step, so that KL(new ‖ old) ≤ `klMax` nats is spent on advancing alone.
 */
export function trialShares(trials: readonly Trial[], klMax: number): readonly number[] {
  const advancing = trials.filter(({ share, target }) => target > share);
  if (advancing.length === 0) return trials.map(({ target }) => target);
  const { probabilities } = klStep(
    withRest(advancing.map(({ share }) => share)),
    withRest(advancing.map(({ target }) => target)),
    klMax,
  );
  return trials.map((trial) => {
    const index = advancing.indexOf(trial);
    return index === -1 ? trial.target : Math.min(trial.target, probabilities[index] ?? trial.share);
  });
}

function withRest(shares: readonly number[]): readonly number[] {
  return [...shares, Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0))];
}
