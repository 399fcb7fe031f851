import type { Campaign } from '../../domain/campaign.ts';
import { isLearningHeld, startGateState, type GateState, type WatchEvent } from '../../domain/gate-state.ts';
import { settledAfter } from '../../domain/task.ts';
import { findTask } from './find-task.ts';
import { operation, type Operation } from './operation.schema.ts';
import { decodeCursor, encodeCursor, type Page } from './page.ts';
import { pageSchema, partQuery, taskParams } from './parts.schema.ts';
import { learnerSchema, type ChosenView, type LearnerView, type OptimizerView } from './learner.schema.ts';
import { watchEventSchema } from './task.schema.ts';
import { errorBudgetView } from './tasks.ts';

const tag = 'Learning';

/** readLearner. */
export const readLearner: Operation<LearnerView> = operation({
  id: 'readLearner',
  method: 'get',
  path: '/api/tasks/{task}/learner',
  tag,
  summary: 'How far learning has come: what stands still and why, what waits, which optimizers were worth it',
  role: 'viewer',
  params: taskParams,
  result: learnerSchema,
  handle: async ({ params: { task: taskId } }, deps) => {
    const { store, learning } = deps;
    const { task, plan } = await findTask(store, taskId);
    const [campaigns, gateState, open] = await Promise.all([
      store.readCampaigns(taskId, 'all'),
      store.readGateState(taskId),
      store.readCampaigns(taskId, 'open'),
    ]);
    const { version, stableFor } = task.baseline;
    const known = gateState ?? startGateState;
    return {
      kind: 'value',
      value: {
        ...learning,
        paused: known.paused ?? null,
        isHeld: isLearningHeld(plan, known),
        radius: known.radius,
        errorBudget: errorBudgetView(gateState, task.config.gate, deps),
        openCampaigns: open.length,
        openCampaignsMax: task.config.learner.openCampaignsMax,
        baseline: { version, stableFor, isSettled: stableFor >= settledAfter },
        optimizers: optimizerViews(task.config.learner.optimizers, campaigns),
        chosen: newestChoice(campaigns),
        trials: known.trials ?? [],
        rebase: known.rebase ?? null,
        pinnedRequests: known.pinned ?? null,
        modelChangedAtMs: known.modelChangedAtMs ?? null,
        alarms: alarmsOf(known),
      },
    };
  },
});

/** What the watch decided, newest first. */
export const listWatchEvents: Operation<Page<WatchEvent>> = operation({
  id: 'listWatchEvents',
  method: 'get',
  path: '/api/tasks/{task}/watch-events',
  tag,
  summary: 'What the watch decided, newest first',
  role: 'viewer',
  params: taskParams,
  query: partQuery,
  result: pageSchema(watchEventSchema),
  handle: async ({ params: { task: taskId }, query: { limit, cursor } }, { store }) => {
    const before = decodeCursor(cursor, ['number']);
    await findTask(store, taskId);
    const all = await store.readWatchEvents(taskId);
    // Events are only ever added, so their number from the oldest names a place.
    const end = before === undefined ? all.length : Math.min(all.length, Number(before[0]));
    const start = Math.max(0, end - limit);
    return {
      kind: 'value',
      value: {
        items: all.slice(start, end).toReversed(),
        next: start === 0 ? null : encodeCursor(start),
      },
    };
  },
});

/** What learner and gate are about, and what the watch has seen. */
export const learnerOperations: readonly Operation[] = [readLearner, listWatchEvents];

function optimizerViews(
  configured: readonly string[],
  campaigns: readonly Campaign[],
): readonly OptimizerView[] {
  const byName = Map.groupBy(campaigns, ({ proposal }) => proposal.optimizer);
  return [...new Set([...configured, ...byName.keys()])].map((name) => {
    const own = byName.get(name) ?? [];
    const byState = Map.groupBy(own, ({ state }) => state);
    return {
      name,
      isConfigured: configured.includes(name),
      campaigns: Object.fromEntries([...byState].map(([state, all]) => [state, all.length])),
      costUsd: own.reduce((sum, { proposal }) => sum + proposal.costUsd, 0),
    };
  });
}

/** The newest proposal that an optimizer was chosen for; proposals that nobody was asked for tell of no choice. */
function newestChoice(campaigns: readonly Campaign[]): ChosenView | null {
  const chosen = campaigns.flatMap(({ proposal: { optimizer, setup, atMs } }) =>
    setup === undefined ? [] : [{ optimizer, setup, atMs }],
  );
  const newest = chosen.reduce<(typeof chosen)[number] | null>(
    (one, other) => (one === null || other.atMs >= one.atMs ? other : one),
    null,
  );
  if (newest === null) return null;
  const { optimizer, setup, atMs } = newest;
  const { batchSize, horizon, wording = null, reason = null } = setup;
  return { optimizer, batchSize, horizon, wording, reason, atMs };
}

function alarmsOf({ watch }: GateState): LearnerView['alarms'] {
  return Object.entries(watch?.arms ?? {}).flatMap(([variantId, { alarm }]) =>
    alarm === null ? [] : [{ variantId, raisedAtMs: alarm.raisedAtMs, guard: alarm.guard ?? null }],
  );
}
