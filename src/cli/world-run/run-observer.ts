import type { Campaign } from '../../domain/campaign.ts';
import type { WatchEvent } from '../../domain/gate-state.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import type { Variant } from '../../domain/variant.ts';
import type { Store } from '../../store/store.ts';
import type { AlarmReport, CampaignCounts, RollbackReport } from './run-report.ts';

/** Compares what the gate did with what is true. Reads the store from outside, as a person would. */
export interface RunObserver {
  /** Takes note of every plan and alarm since the last call; `atRequest` is the number of requests so far. */
  readonly observe: (atRequest: number) => Promise<readonly RunEvent[]>;
  readonly report: () => Promise<ObservedRun>;
}

/** Something worth telling while a run goes on. */
export type RunEvent =
  | { readonly kind: 'plan'; readonly plan: ServingPlan; readonly isHarmful: boolean }
  | { readonly kind: 'alarm'; readonly alarm: AlarmReport };

export interface ObservedRun {
  readonly campaigns: CampaignCounts;
  readonly harmfulPromotions: number;
  readonly rollbacks: readonly RollbackReport[];
  readonly alarms: readonly AlarmReport[];
  /** Every variant that was ever proposed. */
  readonly proposed: readonly Variant[];
}

export interface ObserverDeps {
  readonly store: Pick<Store, 'readPlans' | 'readCampaigns' | 'readWatchEvents' | 'readVariant'>;
  readonly taskId: string;
  /** True value of a variant at this moment of the run. */
  readonly trueValue: (variant: Variant) => number;
  /** Requests at which the world changes, ascending. */
  readonly shifts: readonly number[];
}

/** Plans looked at in one call: more than any cycle makes. */
const plansMax = 200;

/** Starts observing a task from its first plan. */
export function createRunObserver(deps: ObserverDeps): RunObserver {
  const { store, taskId, shifts } = deps;
  let lastPlan: ServingPlan | undefined;
  let eventsSeen = 0;
  let harmfulPromotions = 0;
  const admittedAt = new Map<string, number>();
  const rollbacks: RollbackReport[] = [];
  const alarms: AlarmReport[] = [];

  const delayOf = (variantId: string, atRequest: number): number =>
    atRequest - Math.max(shifts.findLast((at) => at <= atRequest) ?? 0, admittedAt.get(variantId) ?? 0);

  const observePlan = async (
    plan: ServingPlan,
    atRequest: number,
    event: WatchEvent | undefined,
  ): Promise<RunEvent> => {
    const from = lastPlan?.incumbentId ?? plan.incumbentId;
    let isHarmful = false;
    if (plan.cause.kind === 'promoted') {
      isHarmful = (await valueOf(deps, plan.incumbentId)) < (await valueOf(deps, from));
      harmfulPromotions += Number(isHarmful);
      admittedAt.set(plan.incumbentId, atRequest);
    }
    for (const { variantId } of plan.arms)
      if (!admittedAt.has(variantId)) admittedAt.set(variantId, atRequest);
    if (plan.cause.kind === 'rolled-back') {
      const removed = event?.variantId ?? from;
      rollbacks.push({
        atRequest,
        from: removed,
        to: plan.incumbentId,
        cause: event?.cause === 'undecided' ? 'undecided' : 'regression',
        delay: delayOf(removed, atRequest),
      });
    }
    lastPlan = plan;
    return { kind: 'plan', plan, isHarmful };
  };

  return {
    observe: async (atRequest) => {
      const watchEvents = (await store.readWatchEvents(taskId)).slice(eventsSeen);
      eventsSeen += watchEvents.length;
      const since = lastPlan?.version ?? 0;
      const plans = (await store.readPlans(taskId, plansMax)).filter(({ version }) => version > since);
      const found: RunEvent[] = [];
      for (const { variantId, cause, action } of watchEvents) {
        const alarm = { atRequest, cause, action, delay: delayOf(variantId, atRequest) };
        alarms.push(alarm);
        found.push({ kind: 'alarm', alarm });
      }
      for (const plan of plans.toReversed()) {
        const event = watchEvents.find(({ action, atMs }) => action === 'rolled-back' && atMs === plan.atMs);
        found.push(await observePlan(plan, atRequest, event));
      }
      return found;
    },
    report: async () => {
      const campaigns = await store.readCampaigns(taskId, 'all');
      return {
        campaigns: countMoves(campaigns),
        harmfulPromotions,
        rollbacks,
        alarms,
        proposed: campaigns.map(({ proposal }) => proposal.variant),
      };
    },
  };
}

async function valueOf({ store, taskId, trueValue }: ObserverDeps, variantId: string): Promise<number> {
  const variant = await store.readVariant(taskId, variantId);
  if (variant === undefined) throw new RangeError(`variant ${variantId} is in a plan but not stored`);
  return trueValue(variant);
}

function countMoves(campaigns: readonly Campaign[]): CampaignCounts {
  const moves = campaigns.flatMap(({ history }) => history);
  const count = (to: Campaign['state']): number => moves.filter((move) => move.to === to).length;
  const screenedOut = moves.filter(
    ({ from, to }) => to === 'rejected' && (from === 'proposed' || from === 'screened'),
  ).length;
  return {
    proposed: campaigns.length,
    screened_out: screenedOut,
    rejected: count('rejected') - screenedOut,
    inconclusive: count('inconclusive'),
    promoted: count('promoted'),
    rolled_back: count('rolled-back'),
  };
}
