import type { Campaign } from '../domain/campaign.ts';
import type { Trial } from '../domain/gate-state.ts';
import type { ServingPlan } from '../domain/plan.ts';
import type { Variant } from '../domain/variant.ts';
import { pairsMin } from './verdict.ts';

/** Earlier variants that are tried again after a drift, at most. */
const archiveMax = 3;

/**
 * What a task once knew to be good, for learning anew after a drift: earlier variants of this baseline that served as
 * incumbent, the newest first, also those that were rolled back, since another model may answer them differently; then
 * those that passed shadow evaluation, or were measured better without proof, the best first. Each is tested like any
 * other proposal; nothing that was measured before the drift counts.
 */
export function archiveOf(campaigns: readonly Campaign[], plan: ServingPlan, atMs: number): readonly Trial[] {
  const serving = new Set(plan.arms.map(({ variantId }) => variantId));
  const past = campaigns.filter(
    ({ proposal: { variant } }) =>
      variant.baselineVersion === plan.baselineVersion &&
      variant.edits.length > 0 &&
      !serving.has(variant.id),
  );
  const once = past
    .filter(({ history }) => history.some(({ to }) => to === 'promoted'))
    .toSorted((one, other) => endedAtMs(other) - endedAtMs(one));
  const nearly = past
    .filter((campaign) => !once.includes(campaign) && promise(campaign) > 0)
    .toSorted((one, other) => promise(other) - promise(one));
  const variants = new Map(
    [...once, ...nearly].map(({ proposal }): [string, Variant] => [proposal.variant.id, proposal.variant]),
  );
  return [...variants.values()].slice(0, archiveMax).map((variant) => ({ variant, origin: 'archive', atMs }));
}

function endedAtMs({ history, proposal }: Campaign): number {
  return history.at(-1)?.atMs ?? proposal.atMs;
}

/** Mean difference in shadow where it did not speak against the candidate; 0 where nothing was promised. */
function promise({ state, verdict }: Campaign): number {
  if (verdict === null || state === 'rejected') return 0;
  const { pairs, meanDifference } = verdict.evidence;
  return verdict.kind === 'promote' || pairs >= pairsMin ? (meanDifference ?? 0) : 0;
}
