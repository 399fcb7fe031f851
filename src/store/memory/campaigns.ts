import { isOpen, type Campaign } from '../../domain/campaign.ts';
import { differenceKey, type Ledger } from '../../domain/histogram.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import type { Pair } from '../../domain/shadow-run.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import type { CampaignStore, GateChange } from '../campaign-store.ts';
import { changesOf } from '../ledger/changes-of.ts';
import { armVariants, checkGateChange, retiredBy } from '../ledger/gate-change.ts';
import { foldSettings } from '../ledger/settle-episode.ts';
import { addAudit, addChanges } from './change-log.ts';
import type { MemoryContext } from './context.ts';
import { readExperience } from './experience.ts';
import { perTaskOf, shadowRunKey, type Tables } from './tables.ts';
import { reviseTask } from './task-changes.ts';

/** Campaigns and their evidence in memory. */
export function memoryCampaigns(context: MemoryContext): CampaignStore {
  const { tables } = context;
  return {
    addCampaign: async (campaign) => {
      const { taskId } = campaign;
      return commitGate(context, { taskId, newCampaigns: [campaign] }) === 'committed';
    },
    readCampaign: async (campaignId) => tables.campaigns.get(campaignId),
    readCampaigns: async (taskId, which) =>
      (tables.perTask.get(taskId)?.campaignIds ?? [])
        .flatMap((id) => tables.campaigns.get(id) ?? [])
        .filter(({ state }) => which === 'all' || isOpen(state)),
    readExperience: async (query) => readExperience(tables, query),
    readGateState: async (taskId) => tables.perTask.get(taskId)?.gateState,
    commitGate: async (change) => commitGate(context, change),
    readWatchEvents: async (taskId) => [...(tables.perTask.get(taskId)?.watchEvents ?? [])],
    readShadowRuns: async (taskId, variantId, decisionIds) =>
      decisionIds.flatMap(
        (decisionId) => tables.shadowRuns.get(shadowRunKey({ taskId, variantId, decisionId })) ?? [],
      ),
    saveShadowRuns: async (runs) => {
      for (const run of runs) {
        const key = shadowRunKey(run);
        if (tables.shadowRuns.has(key)) continue;
        tables.shadowRuns.set(key, run);
        tables.shadowRunsByAge.insert(run);
      }
    },
    recordPairs: async (pairs) => recordPairs(tables, pairs),
    readLedger: async (campaignId) => tables.ledgers.get(campaignId) ?? {},
  };
}

function commitGate(context: MemoryContext, change: GateChange): 'committed' | 'conflict' {
  const { tables } = context;
  const { taskId, gateState, campaigns = [], newCampaigns = [], plan, watchEvents = [] } = change;
  const perTask = perTaskOf(tables, taskId);
  const named = [...campaigns, ...newCampaigns].flatMap(({ id }) => tables.campaigns.get(id) ?? []);
  const stored = {
    gateState: perTask.gateState,
    plan: tables.tasks.get(taskId)?.plans.at(-1),
    campaigns: new Map(named.map((campaign) => [campaign.id, campaign])),
  };
  if (checkGateChange(change, stored) === 'conflict') return 'conflict';

  const added = new Map(newCampaigns.map(({ proposal }) => [proposal.variant.id, proposal.variant]));
  // Everything that may throw comes before anything is written.
  const replan = plan === undefined ? nothing : preparePlan(context, plan, (id) => added.get(id));
  for (const campaign of newCampaigns) addCampaign(tables, campaign);
  for (const campaign of campaigns) tables.campaigns.set(campaign.id, campaign);
  if (gateState !== undefined) perTask.gateState = gateState;
  perTask.watchEvents.push(...watchEvents);
  replan();
  if (change.audit !== undefined) addAudit(tables, change.audit);
  addChanges(tables, changesOf(change, context.rules().nowMs));
  return 'committed';
}

function addCampaign(tables: Tables, campaign: Campaign): void {
  const { variants, campaignIds } = perTaskOf(tables, campaign.taskId);
  const { variant } = campaign.proposal;
  if (variant.id !== baselineVariantId && !variants.has(variant.id)) variants.set(variant.id, variant);
  tables.campaigns.set(campaign.id, campaign);
  campaignIds.push(campaign.id);
}

function preparePlan(
  { tables, rules }: MemoryContext,
  plan: ServingPlan,
  addedVariant: Parameters<typeof armVariants>[1],
): () => void {
  const table = tables.tasks.get(plan.taskId);
  const before = table?.plans.at(-1);
  if (table === undefined || before === undefined) return nothing;
  const stored = perTaskOf(tables, plan.taskId).variants;
  const variants = armVariants(plan, (id) => stored.get(id) ?? addedVariant(id));
  const { fold, nowMs } = rules();
  const settings = { ...foldSettings({ plan, config: table.task.config }, nowMs), variants };
  const bandit = fold.reconcile(table.bandit, plan, settings);
  const retired = retiredBy(table.retired, before, plan);
  return () => reviseTask(tables, { ...table, plans: [...table.plans, plan], bandit, retired });
}

function recordPairs(tables: Tables, pairs: readonly Pair[]): void {
  const keyed = pairs.map(({ campaignId, unitId, differences }) => ({
    campaignId,
    unitId,
    keys: Object.entries(differences).map(([name, difference]) => ({ name, key: differenceKey(difference) })),
  }));
  for (const { campaignId, unitId, keys } of keyed) {
    const units = tables.pairs.get(campaignId) ?? new Set<string>();
    tables.pairs.set(campaignId, units);
    if (units.has(unitId)) continue;
    units.add(unitId);
    const ledger: Record<string, Ledger[string]> = { ...tables.ledgers.get(campaignId) };
    for (const { name, key } of keys)
      ledger[name] = { ...ledger[name], [key]: (ledger[name]?.[String(key)] ?? 0) + 1 };
    tables.ledgers.set(campaignId, ledger);
  }
}

function nothing(): void {}
