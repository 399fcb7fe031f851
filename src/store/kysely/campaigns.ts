import type { Campaign } from '../../domain/campaign.ts';
import type { GateState, WatchEvent } from '../../domain/gate-state.ts';
import type { CampaignStore } from '../campaign-store.ts';
import { commitGate } from './commit-gate.ts';
import type { KyselyContext } from './context.ts';
import { readLedger, recordPairs } from './pairs.ts';
import { readShadowRuns, saveShadowRuns } from './shadow-runs.ts';

/** Campaigns and their evidence in a database. */
export function kyselyCampaigns(context: KyselyContext): CampaignStore {
  const { db, commit } = context;
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
      return row === undefined ? undefined : campaignOf(row.campaign);
    },
    readCampaigns: async (taskId, which) => {
      const rows = await db
        .selectFrom('campaigns')
        .select('campaign')
        .where('task_id', '=', taskId)
        .$if(which === 'open', (query) => query.where('is_open', '=', 1))
        .orderBy('position')
        .execute();
      return rows.map(({ campaign }) => campaignOf(campaign));
    },
    readGateState: async (taskId) => {
      const row = await db
        .selectFrom('gate_states')
        .select('state')
        .where('task_id', '=', taskId)
        .executeTakeFirst();
      return row === undefined ? undefined : gateStateOf(row.state);
    },
    commitGate: async (change) => commitGate(context, change),
    readWatchEvents: async (taskId) => {
      const rows = await db
        .selectFrom('watch_events')
        .select('event')
        .where('task_id', '=', taskId)
        .orderBy('position')
        .execute();
      return rows.map(({ event }): WatchEvent => JSON.parse(event));
    },
    readShadowRuns: async (taskId, variantId, decisionIds) =>
      readShadowRuns(db, { taskId, variantId, decisionIds }),
    saveShadowRuns: async (runs) => saveShadowRuns(commit, runs),
    recordPairs: async (pairs) => recordPairs(commit, pairs),
    readLedger: async (campaignId) => readLedger(db, campaignId),
  };
}

function campaignOf(text: string): Campaign {
  return JSON.parse(text);
}

function gateStateOf(text: string): GateState {
  return JSON.parse(text);
}
