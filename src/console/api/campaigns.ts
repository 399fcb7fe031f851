import type { Evidence } from './evidence.ts';
import { isAwaitingApproval } from '../../domain/approval.ts';
import { isOpen, type Campaign } from '../../domain/campaign.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';
import {
  campaignSchema,
  evidenceSchema,
  pathSchema,
  type CampaignView,
  type PathPoint,
} from './campaign.schema.ts';
import { campaignTag } from './etag.ts';
import { findCampaign, findTask } from './find-task.ts';
import { operation, type Operation } from './operation.schema.ts';
import { pageOf, type Page } from './page.ts';
import { campaignParams, pageSchema } from './parts.schema.ts';
import { campaignListQuery, type CampaignListQuery } from './queries.schema.ts';
import { campaignView } from './views.ts';

const tag = 'Campaigns';

/** Points of a path that are read at most, the first ones. */
const pointsMax = 5000;

/** Campaigns of one task or of all, newest first. */
export const listCampaigns: Operation<Page<CampaignView>> = operation({
  id: 'listCampaigns',
  method: 'get',
  path: '/api/campaigns',
  tag,
  summary: 'Campaigns of one task or of all, newest first',
  role: 'viewer',
  query: campaignListQuery,
  result: pageSchema(campaignSchema),
  handle: async ({ query }, { store }) => {
    const found = (await readAll(store, query)).toSorted(
      (one, other) => other.proposal.atMs - one.proposal.atMs || (one.id < other.id ? -1 : 1),
    );
    const part = pageOf(found, query, ({ id }) => id);
    return { kind: 'value', value: { ...part, items: part.items.map(campaignView) } };
  },
});

/** One campaign with its newest verdict. */
export const readCampaign: Operation<CampaignView> = operation({
  id: 'readCampaign',
  method: 'get',
  path: '/api/campaigns/{campaign}',
  tag,
  summary: 'One campaign with its newest verdict',
  description: 'Its ETag is what `If-Match` of the actions on it takes: "campaign-REVISION".',
  role: 'viewer',
  params: campaignParams,
  result: campaignSchema,
  handle: async ({ params: { campaign: campaignId } }, { store }) => {
    const campaign = await findCampaign(store, campaignId);
    return { kind: 'value', value: campaignView(campaign), etag: campaignTag(campaign) };
  },
});

/** Every e-value beside its bar, made anew from the ledger. */
export const readEvidence: Operation<Evidence> = operation({
  id: 'readEvidence',
  method: 'get',
  path: '/api/campaigns/{campaign}/evidence',
  tag,
  summary: 'Every e-value beside its bar, made anew from the ledger',
  role: 'viewer',
  params: campaignParams,
  result: evidenceSchema,
  handle: async ({ params: { campaign: campaignId } }, { store, gate }) => {
    const campaign = await findCampaign(store, campaignId);
    const { task } = await findTask(store, campaign.taskId);
    const ledger = await store.readLedger(campaignId);
    const evidence = gate.evidenceOf(campaign, ledger, task.config);
    // Before a test has its level no finite evidence could promote: a bar at infinity is none, and JSON has no word for it.
    const lines = evidence.lines.filter(({ logThreshold }) => Number.isFinite(logThreshold));
    return { kind: 'value', value: { ...evidence, lines } };
  },
});

/** How the e-processes went, oldest first. */
export const readPath: Operation<{ readonly points: readonly PathPoint[] }> = operation({
  id: 'readPath',
  method: 'get',
  path: '/api/campaigns/{campaign}/path',
  tag,
  summary: 'How the e-processes went, oldest first',
  description: 'One point for each time that the gate looked; logarithms, to be drawn against logThreshold.',
  role: 'viewer',
  params: campaignParams,
  result: pathSchema,
  handle: async ({ params: { campaign: campaignId } }, { store }) => {
    await findCampaign(store, campaignId);
    const changes = await store.readChanges({ after: 0, campaignId, limit: pointsMax });
    const points = changes.flatMap((change) =>
      change.kind === 'campaign-changed' && change.evidence !== null
        ? [{ atMs: change.atMs, state: change.state, ...change.evidence }]
        : [],
    );
    return { kind: 'value', value: { points } };
  },
});

/** Campaigns and their evidence. */
export const campaignOperations: readonly Operation[] = [listCampaigns, readCampaign, readEvidence, readPath];

async function readAll(
  store: Pick<Store, 'readSnapshot' | 'readTask' | 'readCampaigns'>,
  { task: taskId, state }: CampaignListQuery,
): Promise<readonly Campaign[]> {
  const snapshots: readonly TaskSnapshot[] =
    taskId === undefined ? (await store.readSnapshot(0)).tasks : [await findTask(store, taskId)];
  const found: Campaign[] = [];
  for (const { task } of snapshots) {
    const which = state === 'open' || state === 'waiting' ? 'open' : 'all';
    const isManual = task.config.gate.approve === 'manual';
    for (const campaign of await store.readCampaigns(task.id, which))
      // Without `approve: manual` the gate goes on by itself.
      if (
        state === 'waiting'
          ? isManual && isAwaitingApproval(campaign)
          : state !== 'ended' || !isOpen(campaign.state)
      )
        found.push(campaign);
  }
  return found;
}
