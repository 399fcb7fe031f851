import type { RecordedAudit } from '../../domain/audit-entry.ts';
import type { BanditState } from '../../domain/bandit-state.ts';
import type { Campaign } from '../../domain/campaign.ts';
import type { RecordedChange } from '../../domain/change-event.ts';
import type { Decision } from '../../domain/decision.ts';
import type { GateState, WatchEvent } from '../../domain/gate-state.ts';
import type { Ledger } from '../../domain/histogram.ts';
import type { ServingPlan } from '../../domain/plan.ts';
import type { ShadowRun } from '../../domain/shadow-run.ts';
import type { Spend } from '../../domain/spend.ts';
import type { Task } from '../../domain/task.ts';
import type { Variant } from '../../domain/variant.ts';
import type { RewardEvent } from '../feedback-store.ts';
import type { EpisodeRow, FeedbackRow, GroundTruth, Retired } from '../ledger/ledger-rows.ts';
import { pairKey } from '../ledger/ledger.ts';
import { createTimeOrdered, type TimeOrdered } from './time-ordered.ts';
import type { Lease } from '../lease-store.ts';

/** All that the memory store holds. Values are immutable; the maps change. */
export interface Tables {
  /** Last number of an arrival or reward event, last revision of the snapshot, last place in the logs of changes. */
  readonly counters: { sequence: number; revision: number; position: number };
  secret: string | null;
  readonly tasks: Map<string, TaskTable>;
  /** Task ids by revision, oldest first; an entry whose task changed again later is stale. */
  changedTasks: ChangedTask[];
  readonly decisions: Map<string, DecisionRecord>;
  readonly decisionsByAge: TimeOrdered<DecisionRecord>;
  /** By scope and completion id. */
  readonly completions: Map<string, DecisionRecord>;
  /** By scope and episode. */
  readonly episodeDecisions: Map<string, DecisionRecord[]>;
  /** By scope and conversation key, with and without the task: the newest. */
  readonly conversations: Map<string, DecisionRecord>;
  /** By scope and episode: one row per task. */
  readonly episodes: Map<string, readonly EpisodeRow[]>;
  /** An entry whose episode turned out to have begun earlier is stale. */
  readonly episodesByAge: TimeOrdered<EpisodeRow>;
  readonly feedback: Map<string, FeedbackRow>;
  readonly feedbackByAge: TimeOrdered<FeedbackRow>;
  /** Feedback with a comment or ground truth. */
  readonly textByAge: TimeOrdered<FeedbackRow>;
  /** By scope and episode. */
  readonly episodeFeedback: Map<string, Set<string>>;
  /** By scope and name, and by the task that is waited for. */
  readonly waitingForName: Map<string, Set<string>>;
  readonly waitingForTask: Map<string, Set<string>>;
  /** Feedback as it was when it began to wait; entries that wait no more are stale. */
  readonly waitingByAge: TimeOrdered<FeedbackRow>;
  readonly truths: Map<string, GroundTruth>;
  /** By decision: feedback that gave its ground truth. */
  readonly ownTruths: Map<string, Set<string>>;
  readonly truthsByAge: TimeOrdered<GroundTruth>;
  readonly campaigns: Map<string, Campaign>;
  readonly ledgers: Map<string, Ledger>;
  /** By campaign: units counted. */
  readonly pairs: Map<string, Set<string>>;
  readonly shadowRuns: Map<string, ShadowRun>;
  readonly shadowRunsByAge: TimeOrdered<ShadowRun>;
  /** Oldest first. */
  changes: RecordedChange[];
  readonly audit: RecordedAudit[];
  /** By name. */
  readonly leases: Map<string, Lease>;
  /** By task. */
  readonly perTask: Map<string, PerTask>;
}

export interface TaskTable {
  readonly task: Task;
  /** Oldest first. */
  readonly plans: ServingPlan[];
  /** Baselines that were replaced, oldest first. */
  readonly formerBaselines: readonly Task['baseline'][];
  readonly bandit: BanditState;
  readonly delaysMs: readonly number[];
  readonly retired: Retired;
  readonly revision: number;
}

interface ChangedTask {
  readonly revision: number;
  readonly taskId: string;
}

/** What belongs to a task, whether or not it is registered. */
export interface PerTask {
  readonly variants: Map<string, Variant>;
  /** Decisions with content; all, those with a reward, those with ground truth. */
  readonly traces: TimeOrdered<DecisionRecord>;
  readonly rewarded: TimeOrdered<DecisionRecord>;
  readonly withTruth: TimeOrdered<DecisionRecord>;
  /** By input hash. */
  readonly inputs: Map<string, InputRecord>;
  /** Episodes whose window is open, by the moment they were decided; entries of closed ones are stale. */
  readonly openWindows: TimeOrdered<EpisodeRow>;
  /** Drawn episodes by the moment of their draw; entries of a draw that was found to be another are stale. */
  readonly drawn: TimeOrdered<EpisodeRow>;
  /** Oldest first, by sequence. */
  rewardEvents: RewardEvent[];
  readonly campaignIds: string[];
  gateState: GateState | undefined;
  readonly watchEvents: WatchEvent[];
  readonly spends: Map<number, Spend>;
}

export interface DecisionRecord {
  decision: Decision;
  reward: number | null;
  isOwnReward: boolean;
  isRewarded: boolean;
  isWithTruth: boolean;
}

/** Everything of a task that shares an input. */
export interface InputRecord {
  /** Those with content. */
  readonly decisions: Set<DecisionRecord>;
  readonly truths: Map<string, GroundTruth>;
  newestTruth: GroundTruth | undefined;
}

const decisionOrder = {
  atMs: ({ decision }: DecisionRecord): number => decision.atMs,
  id: ({ decision }: DecisionRecord): string => decision.decisionId,
};

/** A store without anything in it. */
export function createTables(): Tables {
  return {
    counters: { sequence: 0, revision: 0, position: 0 },
    secret: null,
    tasks: new Map(),
    changedTasks: [],
    decisions: new Map(),
    decisionsByAge: createTimeOrdered(decisionOrder),
    completions: new Map(),
    episodeDecisions: new Map(),
    conversations: new Map(),
    episodes: new Map(),
    episodesByAge: createTimeOrdered<EpisodeRow>({
      atMs: ({ startedAtMs }) => startedAtMs,
      id: episodeRowKey,
    }),
    feedback: new Map(),
    feedbackByAge: createTimeOrdered<FeedbackRow>(feedbackOrder),
    textByAge: createTimeOrdered<FeedbackRow>(feedbackOrder),
    episodeFeedback: new Map(),
    waitingForName: new Map(),
    waitingForTask: new Map(),
    waitingByAge: createTimeOrdered<FeedbackRow>(feedbackOrder),
    truths: new Map(),
    ownTruths: new Map(),
    truthsByAge: createTimeOrdered<GroundTruth>({
      atMs: ({ atMs }) => atMs,
      id: ({ feedbackId }) => feedbackId,
    }),
    campaigns: new Map(),
    ledgers: new Map(),
    pairs: new Map(),
    shadowRuns: new Map(),
    shadowRunsByAge: createTimeOrdered<ShadowRun>({ atMs: ({ atMs }) => atMs, id: shadowRunKey }),
    changes: [],
    audit: [],
    leases: new Map(),
    perTask: new Map(),
  };
}

const feedbackOrder = {
  atMs: ({ feedback }: FeedbackRow): number => feedback.atMs,
  id: ({ feedbackId }: FeedbackRow): string => feedbackId,
};

/** A task's own part, made on first use. */
export function perTaskOf(tables: Tables, taskId: string): PerTask {
  const known = tables.perTask.get(taskId);
  if (known !== undefined) return known;
  const made: PerTask = {
    variants: new Map(),
    traces: createTimeOrdered(decisionOrder),
    rewarded: createTimeOrdered(decisionOrder),
    withTruth: createTimeOrdered(decisionOrder),
    inputs: new Map(),
    openWindows: createTimeOrdered<EpisodeRow>({
      atMs: ({ draw, startedAtMs }) => draw?.decidedAtMs ?? startedAtMs,
      id: episodeRowKey,
    }),
    drawn: createTimeOrdered<EpisodeRow>({
      atMs: ({ draw, startedAtMs }) => draw?.decidedAtMs ?? startedAtMs,
      id: ({ scope, episodeId }) => pairKey(episodeId, scope),
    }),
    rewardEvents: [],
    campaignIds: [],
    gateState: undefined,
    watchEvents: [],
    spends: new Map(),
  };
  tables.perTask.set(taskId, made);
  return made;
}

/** What a task knows of an input, made on first use. */
export function inputOf({ inputs }: PerTask, inputHash: string): InputRecord {
  const known = inputs.get(inputHash);
  if (known !== undefined) return known;
  const made: InputRecord = { decisions: new Set(), truths: new Map(), newestTruth: undefined };
  inputs.set(inputHash, made);
  return made;
}

/** What makes an episode row unique. */
function episodeRowKey({ scope, episodeId, taskId }: EpisodeRow): string {
  return pairKey(pairKey(scope, episodeId), taskId);
}

/** What makes a shadow run unique. */
export function shadowRunKey({
  taskId,
  variantId,
  decisionId,
}: Pick<ShadowRun, 'taskId' | 'variantId' | 'decisionId'>): string {
  return pairKey(pairKey(taskId, variantId), decisionId);
}

/** Adds to a set in a map of sets. */
export function addTo<Member>(sets: Map<string, Set<Member>>, key: string, member: Member): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([member]));
  else known.add(member);
}

/** Takes from a set in a map of sets; an empty set goes. */
export function removeFrom<Member>(sets: Map<string, Set<Member>>, key: string, member: Member): void {
  const known = sets.get(key);
  known?.delete(member);
  if (known?.size === 0) sets.delete(key);
}
