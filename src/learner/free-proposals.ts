import type { Edit } from '../domain/edit.ts';
import { chooseCandidates } from './choose-candidates.ts';
import type { Ground } from './find-ground.ts';
import { groundNow, type GroundNow } from './ground-now.ts';
import type { LearnerDeps, TaskOutcome } from './learner-deps.ts';
import type { EffectPrior } from './meta/effect-prior.ts';
import { mergeGains } from './meta/merge-gains.ts';
import { mergeGainsName, warmStartName } from './meta/origins.ts';
import { openCampaigns } from './open-campaigns.ts';
import type { OptimizerContext } from './optimizer.ts';
import { prune } from './optimizers/prune.ts';
import { restoreEdit } from './optimizers/restore-edit.ts';
import { proposalsMax } from './proposals.schema.ts';

/** Campaigns for edits that a rollback took away; `undefined` where there are none that may return. */
export async function restoreLost(
  deps: LearnerDeps,
  context: OptimizerContext,
  ground: Ground,
): Promise<TaskOutcome | undefined> {
  const { candidates } = await restoreEdit.propose(context);
  return await openFreely(deps, ground, { candidates, optimizer: restoreEdit.name, countMax: proposalsMax });
}

/** One campaign for what other tasks have proven; `undefined` where nothing of it is new here. */
export async function bringTransfers(
  deps: LearnerDeps,
  { transfers }: { readonly transfers: readonly (readonly Edit[])[] },
  ground: Ground,
): Promise<TaskOutcome | undefined> {
  return await openFreely(deps, ground, { candidates: transfers, optimizer: warmStartName, countMax: 1 });
}

/** One campaign for undecided gains together; `undefined` where there are none that could be joined. */
export async function joinGains(
  deps: LearnerDeps,
  { tried, growthCharactersMax }: OptimizerContext,
  { ground, prior }: { readonly ground: Ground; readonly prior: EffectPrior | null },
): Promise<TaskOutcome | undefined> {
  if (prior === null) return undefined;
  const { incumbent, view } = ground;
  const baseline = view.task.baseline.skeleton;
  const candidates = mergeGains({ baseline, incumbent, tried, prior, growthCharactersMax });
  return await openFreely(deps, ground, { candidates, optimizer: mergeGainsName, countMax: 1 });
}

/** Campaigns for candidates that no model was asked for, as far as they are new and there is room. */
async function openFreely(
  deps: LearnerDeps,
  ground: Ground,
  offer: {
    readonly candidates: readonly (readonly Edit[])[];
    readonly optimizer: string;
    readonly countMax: number;
  },
): Promise<TaskOutcome | undefined> {
  const { candidates, optimizer, countMax } = offer;
  const now = candidates.length === 0 ? undefined : await groundNow(deps, ground);
  if (now === undefined) return undefined;
  const { variants } = chooseCandidates(candidates, { ...now, room: Math.min(countMax, now.room) });
  const campaignIds = await openCampaigns(deps, now.view, variants, { optimizer, shown: [], costUsd: 0 });
  return campaignIds.length === 0 ? undefined : { kind: 'proposed', optimizer, campaignIds, dropped: {} };
}

/** One campaign without an edit of the incumbent; never two at a time, since it is seldom worth the traffic. */
export async function tryWithoutAnEdit(
  deps: LearnerDeps,
  context: OptimizerContext,
  now: GroundNow,
): Promise<readonly string[]> {
  const open = await deps.store.readCampaigns(now.task.id, 'open');
  if (open.some(({ proposal }) => proposal.optimizer === prune.name)) return [];
  const { candidates, purpose } = await prune.propose(context);
  const { variants } = chooseCandidates(candidates, { ...now, room: Math.min(1, now.room) });
  return await openCampaigns(deps, now.view, variants, {
    optimizer: prune.name,
    shown: [],
    costUsd: 0,
    purpose,
  });
}
