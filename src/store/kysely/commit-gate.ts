import { isOpen, type Campaign } from '../../domain/campaign.ts';
import type { GateState, WatchEvent } from '../../domain/gate-state.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import { baselineVariantId, type Variant } from '../../domain/variant.ts';
import type { GateChange } from '../campaign-store.ts';
import { changesOf } from '../ledger/changes-of.ts';
import { armVariants, checkGateChange, retiredBy, type GateStored } from '../ledger/gate-change.ts';
import { foldSettings, type LedgerRules } from '../ledger/settle-episode.ts';
import { addAudit, addChanges } from './change-log.ts';
import { findAll, type KyselyContext, type Write } from './context.ts';
import { readRow } from './damage.ts';
import { lockSequence, nextOf } from './counters.ts';
import { loadTasks, type StoredTask } from './load-tasks.ts';
import { readVariants } from './read-snapshots.ts';
import { reviseTask } from './save-ledger.ts';

/** Applies a step of the gate in one transaction, or nothing of it. */
export async function commitGate(
  { commit, rules }: KyselyContext,
  change: GateChange,
): Promise<'committed' | 'conflict'> {
  return commit(async (write) => {
    await lockSequence(write);
    const [task] = await loadTasks(write, [change.taskId]);
    if (checkGateChange(change, await loadStored(write, change, task)) === 'conflict') return 'conflict';
    const { taskId, gateState, campaigns = [], newCampaigns = [], plan, watchEvents = [] } = change;
    for (const campaign of newCampaigns) await addCampaign(write, campaign);
    for (const campaign of campaigns) await replaceCampaign(write, campaign);
    if (gateState !== undefined) await saveGateState(write, taskId, gateState);
    for (const event of watchEvents) await addWatchEvent(write, event);
    if (plan !== undefined && task !== undefined) await appendPlan(write, { task, plan, rules: rules() });
    if (change.audit !== undefined) await addAudit(write, change.audit);
    await addChanges(write, changesOf(change, rules().nowMs));
    return 'committed';
  });
}

async function loadStored(
  write: Write,
  { taskId, campaigns = [], newCampaigns = [] }: GateChange,
  task: StoredTask | undefined,
): Promise<GateStored> {
  const gate = await write
    .selectFrom('gate_states')
    .select('state')
    .where('task_id', '=', taskId)
    .executeTakeFirst();
  const gateState =
    gate && readRow({ table: 'gate_states', key: taskId }, (): GateState => JSON.parse(gate.state));
  const named = await findAll(
    [...campaigns, ...newCampaigns].map(({ id }) => id),
    (chunk) => write.selectFrom('campaigns').select(['id', 'campaign']).where('id', 'in', chunk).execute(),
  );
  const stored = named.map(({ id, campaign }) =>
    readRow({ table: 'campaigns', key: id }, (): Campaign => JSON.parse(campaign)),
  );
  return {
    gateState,
    plan: task?.plan,
    campaigns: new Map(stored.map((campaign) => [campaign.id, campaign])),
  };
}

async function addCampaign(write: Write, campaign: Campaign): Promise<void> {
  await saveVariant(write, campaign.proposal.variant);
  const { id, taskId } = campaign;
  const position = await nextOf(write, 'position');
  await write
    .insertInto('campaigns')
    .values({ id, task_id: taskId, position, ...campaignColumns(campaign) })
    .execute();
}

async function replaceCampaign(write: Write, campaign: Campaign): Promise<void> {
  await write.updateTable('campaigns').set(campaignColumns(campaign)).where('id', '=', campaign.id).execute();
}

function campaignColumns(campaign: Campaign): {
  readonly revision: number;
  readonly is_open: number;
  readonly campaign: string;
} {
  const { revision, state } = campaign;
  return { revision, is_open: isOpen(state) ? 1 : 0, campaign: JSON.stringify(campaign) };
}

async function saveVariant(write: Write, variant: Variant): Promise<void> {
  const { taskId, id } = variant;
  if (id === baselineVariantId) return;
  await write
    .insertInto('variants')
    .values({ task_id: taskId, id, variant: JSON.stringify(variant) })
    .onConflict((conflict) => conflict.columns(['task_id', 'id']).doNothing())
    .execute();
}

async function saveGateState(write: Write, taskId: string, gateState: GateState): Promise<void> {
  const { revision } = gateState;
  const state = JSON.stringify(gateState);
  await write
    .insertInto('gate_states')
    .values({ task_id: taskId, revision, state })
    .onConflict((conflict) => conflict.column('task_id').doUpdateSet({ revision, state }))
    .execute();
}

async function addWatchEvent(write: Write, event: WatchEvent): Promise<void> {
  const position = await nextOf(write, 'position');
  const row = { position, task_id: event.taskId, event: JSON.stringify(event) };
  await write.insertInto('watch_events').values(row).execute();
}

async function appendPlan(
  write: Write,
  appended: { readonly task: StoredTask; readonly plan: ServingPlan; readonly rules: LedgerRules },
): Promise<void> {
  const {
    task: { task, plan: before, bandit, retired },
    plan,
    rules: { fold, nowMs },
  } = appended;
  const stored = await readVariants(
    write,
    task.id,
    plan.arms.map(({ variantId }) => variantId),
  );
  const variants = armVariants(plan, (variantId) => stored.get(variantId));
  const settings = { ...foldSettings({ plan, config: task.config }, nowMs), variants };
  const reconciled = fold.reconcile(bandit, plan, settings);
  await write
    .insertInto('plans')
    .values({ task_id: task.id, version: plan.version, plan: JSON.stringify(plan) })
    .execute();
  await write
    .updateTable('bandits')
    .set({
      state: JSON.stringify(reconciled),
      retired: JSON.stringify(retiredBy(retired, before, plan)),
    })
    .where('task_id', '=', task.id)
    .execute();
  await write.updateTable('tasks').set({ plan_version: plan.version }).where('id', '=', task.id).execute();
  await reviseTask(write, task.id);
}
