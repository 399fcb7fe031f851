import type { Campaign } from '../../domain/campaign.ts';
import type { GateState, WatchEvent } from '../../domain/gate-state.ts';
import type { CampaignStore } from '../campaign-store.ts';
import { commitGate } from './commit-gate.ts';
import type { KyselyContext } from './context.ts';
import { readRow, readSoundRows } from './damage.ts';
import { readExperience } from './experience.ts';
import { readLedger, recordPairs } from './pairs.ts';
import { readShadowRuns, saveShadowRuns } from './shadow-runs.ts';

/** Campaigns and their evidence in a database. */
export function kyselyCampaigns(context: KyselyContext): CampaignStore {
  const { db, commit, onDamage } = context;
  return {
    addCampaign: async (campaign) => {
      const { taskId } = campaign;
      return (await commitGate(context, { taskId, newCampaigns: [campaign] })) === 'committed';
    },
    readCampaign: async (campaignId) => {
      const row = await db
        .selectFrom('campaigns')
        .select('campaign')
        .where('id', '=', campaignId)
        .executeTakeFirst();
      return row && campaignOf({ id: campaignId, ...row });
    },
    readCampaigns: async (taskId, which) => {
      const rows = await db
        .selectFrom('campaigns')
        .select(['id', 'campaign'])
        .where('task_id', '=', taskId)
        .$if(which === 'open', (query) => query.where('is_open', '=', 1))
        .orderBy('position')
        .execute();
      return readSoundRows(rows, campaignOf, ({ id }) => onDamage({ table: 'campaigns', key: id }));
    },
    readExperience: async (query) => readExperience(context, query, campaignOf),
    readGateState: async (taskId) => {
      const row = await db
        .selectFrom('gate_states')
        .select('state')
        .where('task_id', '=', taskId)
        .executeTakeFirst();
      return row && readRow({ table: 'gate_states', key: taskId }, () => gateStateOf(row.state));
    },
    commitGate: async (change) => commitGate(context, change),
    readWatchEvents: async (taskId) => {
      const rows = await db
        .selectFrom('watch_events')
        .select('event')
        .where('task_id', '=', taskId)
        .orderBy('position')
        .execute();
      const row = { table: 'watch_events', key: taskId };
      const read = ({ event }: (typeof rows)[number]): WatchEvent => readRow(row, () => JSON.parse(event));
      return readSoundRows(rows, read, () => onDamage(row));
    },
    readShadowRuns: async (taskId, variantId, decisionIds) =>
      readShadowRuns(db, { taskId, variantId, decisionIds }),
    saveShadowRuns: async (runs) => saveShadowRuns(commit, runs),
    recordPairs: async (pairs) => recordPairs(commit, pairs),
    readLedger: async (campaignId) => readLedger(db, campaignId),
  };
}

function campaignOf({ id, campaign: text }: { readonly id: string; readonly campaign: string }): Campaign {
  return readRow({ table: 'campaigns', key: id }, () => {
    const campaign: Campaign = JSON.parse(text);
    if (!Array.isArray(campaign.proposal.variant.edits) || !Array.isArray(campaign.history))
      throw new RangeError('a campaign has no proposal or no history');
    return campaign;
  });
}

function gateStateOf(text: string): GateState {
  const state: GateState = JSON.parse(text);
  if (!Number.isSafeInteger(state.revision)) throw new RangeError('a state of the gate has no revision');
  return state;
}
