import type { Store } from './store.ts';

/** What a method of the store does, by which a thread decides what goes first and a split store where it goes. */
export type StoreMethodKind = 'read' | 'feedback' | 'write' | 'decisions' | 'sweep' | 'close';

/** Every method of `Store`, in one place. */
export const storeMethods: Readonly<Record<keyof Store, StoreMethodKind>> = {
  recordDecisions: 'decisions',
  findEpisode: 'read',
  recordFeedback: 'feedback',
  readRewards: 'read',
  readEpisodeOutcomes: 'read',
  registerTask: 'write',
  saveBaseline: 'write',
  saveTaskConfig: 'write',
  readSnapshot: 'read',
  readTask: 'read',
  readPlans: 'read',
  readVariant: 'read',
  readSecret: 'write',
  addCampaign: 'write',
  readCampaign: 'read',
  readCampaigns: 'read',
  readExperience: 'read',
  readGateState: 'read',
  commitGate: 'write',
  readWatchEvents: 'read',
  readShadowRuns: 'read',
  saveShadowRuns: 'write',
  recordPairs: 'write',
  readLedger: 'read',
  readTraces: 'read',
  readSpend: 'read',
  addSpend: 'write',
  readTotalSpend: 'read',
  readLease: 'read',
  takeLease: 'write',
  sweep: 'sweep',
  ping: 'write',
  close: 'close',
};
