import { RatchetError } from '../domain/ratchet-error.ts';
import type { Store } from '../store/store.ts';

/** A store whose engine may go away and come back. */
export interface ReplaceableStore {
  /** Stays the same object; while there is no engine every call rejects with `store_unavailable`. */
  readonly store: Store;
  /** Serves from this engine from now on. */
  readonly use: (engine: Store) => void;
  /** There is no engine now. Calls under way are the old engine's affair. */
  readonly lose: () => void;
}

/**
 * Starts without an engine. `onWrite` is told how each writing of an engine ended: with which error, `undefined` for
 * none.
 */
export function createReplaceableStore(onWrite: (error: unknown) => void = nothing): ReplaceableStore {
  let engine: Store | undefined;
  const call = async <Result>(ask: (current: Store) => Promise<Result>): Promise<Result> => {
    if (engine !== undefined) return ask(engine);
    throw new RatchetError('store_unavailable', 'the store is not running', { isRetryable: true });
  };
  const write = async <Result>(ask: (current: Store) => Promise<Result>): Promise<Result> =>
    call(async (current) => {
      try {
        const result = await ask(current);
        onWrite(undefined);
        return result;
      } catch (error) {
        onWrite(error);
        throw error;
      }
    });

  return {
    store: forwarding(call, write),
    use: (next) => {
      engine = next;
    },
    lose: () => {
      engine = undefined;
    },
  };
}

/** Asks the engine of the moment. */
type Ask = <Result>(ask: (current: Store) => Promise<Result>) => Promise<Result>;

function forwarding(call: Ask, write: Ask): Store {
  return {
    recordDecisions: (decisions) => write((to) => to.recordDecisions(decisions)),
    findEpisode: (scope, key, taskId) => call((to) => to.findEpisode(scope, key, taskId)),
    recordFeedback: (batch) => write((to) => to.recordFeedback(batch)),
    readEpisodeOutcomes: (query) => call((to) => to.readEpisodeOutcomes(query)),
    readRewards: (taskId, after, limit) => call((to) => to.readRewards(taskId, after, limit)),
    registerTask: (task) => write((to) => to.registerTask(task)),
    saveBaseline: (taskId, baseline) => write((to) => to.saveBaseline(taskId, baseline)),
    saveTaskConfig: (taskId, config) => write((to) => to.saveTaskConfig(taskId, config)),
    readSnapshot: (revision) => call((to) => to.readSnapshot(revision)),
    readTask: (taskId) => call((to) => to.readTask(taskId)),
    readPlans: (taskId, limit, beforeVersion) => call((to) => to.readPlans(taskId, limit, beforeVersion)),
    readVariant: (taskId, variantId) => call((to) => to.readVariant(taskId, variantId)),
    readSecret: (candidate) => write((to) => to.readSecret(candidate)),
    addCampaign: (campaign) => write((to) => to.addCampaign(campaign)),
    readCampaign: (campaignId) => call((to) => to.readCampaign(campaignId)),
    readCampaigns: (taskId, which) => call((to) => to.readCampaigns(taskId, which)),
    readExperience: (query) => call((to) => to.readExperience(query)),
    readGateState: (taskId) => call((to) => to.readGateState(taskId)),
    commitGate: (change) => write((to) => to.commitGate(change)),
    readWatchEvents: (taskId) => call((to) => to.readWatchEvents(taskId)),
    readShadowRuns: (taskId, variantId, decisionIds) =>
      call((to) => to.readShadowRuns(taskId, variantId, decisionIds)),
    saveShadowRuns: (runs) => write((to) => to.saveShadowRuns(runs)),
    recordPairs: (pairs) => write((to) => to.recordPairs(pairs)),
    readLedger: (campaignId) => call((to) => to.readLedger(campaignId)),
    readTraces: (query) => call((to) => to.readTraces(query)),
    readSpend: (taskId, day) => call((to) => to.readSpend(taskId, day)),
    addSpend: (taskId, day, spend) => write((to) => to.addSpend(taskId, day, spend)),
    readTotalSpend: (taskId) => call((to) => to.readTotalSpend(taskId)),
    readVariants: (taskId) => call((to) => to.readVariants(taskId)),
    readBaselines: (taskId) => call((to) => to.readBaselines(taskId)),
    readSpends: (taskId, sinceDay) => call((to) => to.readSpends(taskId, sinceDay)),
    readDecisions: (query) => call((to) => to.readDecisions(query)),
    readAnswers: (decisionIds) => call((to) => to.readAnswers(decisionIds)),
    readFeedback: (query) => call((to) => to.readFeedback(query)),
    readChanges: (query) => call((to) => to.readChanges(query)),
    newestChange: () => call((to) => to.newestChange()),
    readAudit: (query) => call((to) => to.readAudit(query)),
    forget: (target, from, audit) => write((to) => to.forget(target, from, audit)),
    readLease: (name) => call((to) => to.readLease(name)),
    takeLease: (lease, seen) => write((to) => to.takeLease(lease, seen)),
    sweep: (nowMs) => write((to) => to.sweep(nowMs)),
    ping: () => write((to) => to.ping()),
    close: () => call((to) => to.close()),
  };
}

function nothing(): void {}
