import type { ServingPlan } from '../../domain/plan.ts';
import { aipwContrast, withPastMeans, type ContrastRound } from '../../stats/aipw-contrast.ts';
import { doublyRobustValue } from '../../stats/doubly-robust.ts';
import { inversePropensityValue, selfNormalisedValue } from '../../stats/inverse-propensity.ts';
import type { ModelledRound } from '../../stats/logged-round.ts';
import type { OffPolicyEstimate } from '../../stats/off-policy-estimate.ts';
import type { EpisodeOutcome } from '../../store/outcome-store.ts';

/** Shares in [0, 1] that a policy gives to variants, by their ids; they add up to 1. */
export type Policy = Readonly<Record<string, number>>;

/** What a policy would have delivered, had it served in the place of the bandit. */
export interface PolicyValue {
  readonly policy: Policy;
  /** Answered episodes in which every variant of the policy could be drawn: all others say nothing. */
  readonly episodes: number;
  readonly fromMs: number | null;
  readonly untilMs: number | null;
  readonly ips: OffPolicyEstimate;
  readonly snips: OffPolicyEstimate;
  readonly dr: OffPolicyEstimate;
  /** Of a policy of one variant: its mean reward minus the incumbent's, over episodes in which both could be drawn. */
  readonly contrast: OffPolicyEstimate | null;
}

/** Rewards so far count as if five of value ½ had come before, for each variant. */
const priorRewards = 5;

/**
 * What a policy would have delivered, read from the log of the bandit: inverse propensity, self-normalised, and doubly
 * robust with the running mean of each variant, from the past only, as its model. `outcomes` are answered episodes in the
 * order of their decisions; `plans` those that they were drawn under.
 */
export function policyValue(
  policy: Policy,
  outcomes: readonly EpisodeOutcome[],
  { plans, incumbentId }: { readonly plans: readonly ServingPlan[]; readonly incumbentId: string },
): PolicyValue {
  const wanted = Object.keys(policy).filter((variantId) => (policy[variantId] ?? 0) > 0);
  const reachable = reachableIn(outcomes, plans, wanted);
  const rounds = modelledRounds(reachable, policy);
  const [only, ...others] = wanted;
  return {
    policy,
    episodes: reachable.length,
    fromMs: reachable[0]?.decidedAtMs ?? null,
    untilMs: reachable.at(-1)?.decidedAtMs ?? null,
    ips: inversePropensityValue(rounds),
    snips: selfNormalisedValue(rounds),
    dr: doublyRobustValue(rounds),
    contrast:
      only === undefined || others.length > 0 || only === incumbentId
        ? null
        : contrastOf(reachableIn(outcomes, plans, [only, incumbentId]), only, incumbentId),
  };
}

/** Episodes with a reward whose plan had all these variants among its arms. */
function reachableIn(
  outcomes: readonly EpisodeOutcome[],
  plans: readonly ServingPlan[],
  variantIds: readonly string[],
): readonly EpisodeOutcome[] {
  const versions = new Set(
    plans
      .filter(({ arms }) => variantIds.every((id) => arms.some(({ variantId }) => variantId === id)))
      .map(({ version }) => version),
  );
  return outcomes.filter(({ reward, planVersion }) => reward !== null && versions.has(planVersion));
}

function modelledRounds(outcomes: readonly EpisodeOutcome[], policy: Policy): readonly ModelledRound[] {
  const sums = new Map<string, { rewards: number; count: number }>();
  const predict = (variantId: string): number => {
    const { rewards, count } = sums.get(variantId) ?? { rewards: 0, count: 0 };
    return (rewards + priorRewards / 2) / (count + priorRewards);
  };
  return outcomes.map(({ variantId, reward, propensity }) => {
    const round = {
      reward: reward ?? 0,
      propensity,
      targetPropensity: policy[variantId] ?? 0,
      unreachable: 0,
      predicted: predict(variantId),
      targetPredicted: Object.entries(policy).reduce((sum, [id, share]) => sum + share * predict(id), 0),
    };
    const { rewards, count } = sums.get(variantId) ?? { rewards: 0, count: 0 };
    sums.set(variantId, { rewards: rewards + round.reward, count: count + 1 });
    return round;
  });
}

function contrastOf(
  outcomes: readonly EpisodeOutcome[],
  candidateId: string,
  controlId: string,
): OffPolicyEstimate {
  const rounds = outcomes.map(({ variantId, reward, propensity }): ContrastRound => ({
    played: variantId === candidateId ? 'candidate' : variantId === controlId ? 'control' : 'other',
    reward: reward ?? 0,
    propensity,
  }));
  return aipwContrast(withPastMeans(rounds));
}
