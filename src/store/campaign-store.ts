import type { AuditEntry } from '../domain/audit-entry.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { GateState, WatchEvent } from '../domain/gate-state.ts';
import type { Ledger } from '../domain/histogram.ts';
import type { ServingPlan } from '../domain/plan.ts';
import type { Pair, ShadowRun } from '../domain/shadow-run.ts';
import type { Baseline } from '../domain/task.ts';

/** Campaigns, their evidence, and the one atomic step by which the gate changes anything. */
export interface CampaignStore {
  /** Adds a campaign in state `proposed` with its variant; `false` if its id exists. */
  readonly addCampaign: (campaign: Campaign) => Promise<boolean>;
  readonly readCampaign: (campaignId: string) => Promise<Campaign | undefined>;
  /** Campaigns of a task, oldest first. */
  readonly readCampaigns: (taskId: string, which: 'open' | 'all') => Promise<readonly Campaign[]>;
  /** Ended campaigns of other tasks, newest first: what has been learned elsewhere. Those of one scope unless told. */
  readonly readExperience: (query: ExperienceQuery) => Promise<readonly Experience[]>;
  /** A task's gate memory; `undefined` before its first cycle. */
  readonly readGateState: (taskId: string) => Promise<GateState | undefined>;
  /**
   * Applies a whole step of the gate in one transaction, or nothing. A conflict means that another worker was first:
   * read again. A plan of the change also reconciles the bandit with the new arms.
   */
  readonly commitGate: (change: GateChange) => Promise<'committed' | 'conflict'>;
  readonly readWatchEvents: (taskId: string) => Promise<readonly WatchEvent[]>;
  /** Answers already paid for. */
  readonly readShadowRuns: (
    taskId: string,
    variantId: string,
    decisionIds: readonly string[],
  ) => Promise<readonly ShadowRun[]>;
  /** Stores answers; repeats of (task, variant, decision) change nothing. */
  readonly saveShadowRuns: (runs: readonly ShadowRun[]) => Promise<void>;
  /** Counts new pairs into their campaigns' ledgers; a unit that a campaign has counted is skipped. */
  readonly recordPairs: (pairs: readonly Pair[]) => Promise<void>;
  readonly readLedger: (campaignId: string) => Promise<Ledger>;
}

/** Most campaigns that one reading of experience gives. */
export const experienceMax = 1000;

export interface ExperienceQuery {
  /** Whose own campaigns are left out. */
  readonly exceptTaskId: string;
  /** Tasks of this scope alone; `null`: of every scope. */
  readonly scope: string | null;
  /** Campaigns, at most `experienceMax`. */
  readonly limit: number;
}

/** A campaign that has ended, and the prompt that its task has by now. */
export interface Experience {
  readonly campaign: Campaign;
  readonly baseline: Baseline;
}

export interface GateChange {
  readonly taskId: string;
  /** `next.revision` is one more than the stored one; the first is 1. */
  readonly gateState?: GateState;
  /** Each one's revision is one more than the stored one. */
  readonly campaigns?: readonly Campaign[];
  /** New campaigns, state `proposed`. */
  readonly newCampaigns?: readonly Campaign[];
  /** Its version is one more than the newest. */
  readonly plan?: ServingPlan;
  readonly watchEvents?: readonly WatchEvent[];
  /** Of a change that a person made. */
  readonly audit?: AuditEntry;
}
