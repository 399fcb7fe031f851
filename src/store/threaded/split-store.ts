import type { Store } from '../store.ts';

/**
 * One store that reads through one way and writes through another: on a thread that computes, its own read-only
 * connection and messages to the thread that writes. What a resolved write has changed, later reads see. `ping` asks
 * the writer; the secret may have to be made, so it is the writer's too; `close` closes both.
 */
export function splitStore({ reads, writes }: { readonly reads: Store; readonly writes: Store }): Store {
  return {
    ...writes,
    findEpisode: reads.findEpisode,
    readRewards: reads.readRewards,
    readEpisodeOutcomes: reads.readEpisodeOutcomes,
    readSnapshot: reads.readSnapshot,
    readTask: reads.readTask,
    readPlans: reads.readPlans,
    readVariant: reads.readVariant,
    readCampaign: reads.readCampaign,
    readCampaigns: reads.readCampaigns,
    readExperience: reads.readExperience,
    readGateState: reads.readGateState,
    readWatchEvents: reads.readWatchEvents,
    readShadowRuns: reads.readShadowRuns,
    readLedger: reads.readLedger,
    readTraces: reads.readTraces,
    readSpend: reads.readSpend,
    readTotalSpend: reads.readTotalSpend,
    readVariants: reads.readVariants,
    readBaselines: reads.readBaselines,
    readSpends: reads.readSpends,
    readDecisions: reads.readDecisions,
    readAnswers: reads.readAnswers,
    readFeedback: reads.readFeedback,
    readChanges: reads.readChanges,
    newestChange: reads.newestChange,
    readAudit: reads.readAudit,
    readLease: reads.readLease,
    close: async () => {
      await Promise.all([reads.close(), writes.close()]);
    },
  };
}
