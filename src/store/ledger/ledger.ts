import type { Decision } from '../../domain/decision.ts';
import type { RewardEvent } from '../feedback-store.ts';
import type {
  EpisodeRow,
  FeedbackRow,
  GroundTruth,
  LedgerTask,
  RecordedDecision,
  TraceReward,
} from './ledger-rows.ts';

/** What an adapter shows the ledger: all rows that the work at hand may touch, in memory. */
export interface LedgerSource {
  /** The last number given to an arrival or a reward event. */
  readonly sequence: number;
  readonly task: (taskId: string) => LedgerTask | undefined;
  readonly feedback: (feedbackId: string) => FeedbackRow | undefined;
  /** One row per task of the episode. */
  readonly episodes: (scope: string, episodeId: string) => readonly EpisodeRow[];
  /** Feedback that is resolved to the episode or one of its decisions. */
  readonly feedbackOf: (scope: string, episodeId: string) => readonly FeedbackRow[];
  /** Feedback that is pending for want of a decision of this name. */
  readonly waitingFor: (scope: string, name: string) => readonly FeedbackRow[];
  readonly decision: (decisionId: string) => RecordedDecision | undefined;
  readonly decisionNamed: (scope: string, completionId: string) => RecordedDecision | undefined;
  readonly newestDecision: (scope: string, episodeId: string) => RecordedDecision | undefined;
}

/** What an adapter must store, all in one transaction, for the work to have happened. */
export interface LedgerChanges {
  readonly sequence: number;
  readonly tasks: readonly LedgerTask[];
  readonly episodes: readonly EpisodeRow[];
  readonly feedback: readonly FeedbackRow[];
  readonly decisions: readonly Decision[];
  readonly rewardEvents: readonly (RewardEvent & { readonly taskId: string })[];
  /** To be applied after the decisions are stored: own rewards first, then those of episodes. */
  readonly traceRewards: readonly TraceReward[];
  readonly truths: readonly GroundTruth[];
}

/** A source with changes laid over it; reads see the changes. */
export interface Ledger extends Omit<LedgerSource, 'sequence'> {
  readonly nextSequence: () => number;
  readonly saveTask: (task: LedgerTask) => void;
  readonly saveEpisode: (episode: EpisodeRow) => void;
  readonly saveFeedback: (row: FeedbackRow) => void;
  readonly addDecision: (decision: Decision) => void;
  readonly addRewardEvent: (event: RewardEvent & { readonly taskId: string }) => void;
  readonly setTraceReward: (reward: TraceReward) => void;
  readonly saveTruth: (truth: GroundTruth) => void;
  readonly changes: () => LedgerChanges;
}

/** Starts a unit of work. Nothing reaches the source; a unit that throws is simply dropped. */
export function openLedger(source: LedgerSource): Ledger {
  let sequence = source.sequence;
  const tasks = new Map<string, LedgerTask>();
  const rewardEvents: (RewardEvent & { readonly taskId: string })[] = [];
  const traceRewards = new Map<string, TraceReward>();
  const truths = new Map<string, GroundTruth>();
  const episodes = overlayEpisodes(source);
  const feedback = overlayFeedback(source);
  const decisions = overlayDecisions(source);
  return {
    ...episodes.reads,
    ...feedback.reads,
    ...decisions.reads,
    task: (taskId) => tasks.get(taskId) ?? source.task(taskId),
    nextSequence: () => ++sequence,
    saveTask: (task) => void tasks.set(task.taskId, task),
    saveEpisode: episodes.save,
    saveFeedback: feedback.save,
    addDecision: decisions.add,
    addRewardEvent: (event) => void rewardEvents.push(event),
    setTraceReward: (reward) =>
      void traceRewards.set(
        pairKey(pairKey(reward.scope, reward.episodeId), pairKey(reward.taskId, reward.decisionId ?? '')),
        reward,
      ),
    saveTruth: (truth) => void truths.set(truth.feedbackId, truth),
    changes: () => ({
      sequence,
      tasks: [...tasks.values()],
      episodes: episodes.changed(),
      feedback: feedback.changed(),
      decisions: decisions.added(),
      rewardEvents,
      traceRewards: [...traceRewards.values()].toSorted(
        (one, other) => Number(one.decisionId === null) - Number(other.decisionId === null),
      ),
      truths: [...truths.values()],
    }),
  };
}

/** A key for two names; the length keeps (a, bc) and (ab, c) apart. */
export function pairKey(one: string, other: string): string {
  return `${one.length}:${one}${other}`;
}

/** Whether a decision was made later; of one moment, the one with the greater id counts as later. */
export function isLater(one: RecordedDecision, other: RecordedDecision): boolean {
  return one.atMs === other.atMs ? one.decisionId > other.decisionId : one.atMs > other.atMs;
}

interface Overlay<Reads, Row> {
  readonly reads: Reads;
  readonly save: (row: Row) => void;
  readonly changed: () => readonly Row[];
}

function overlayEpisodes(source: LedgerSource): Overlay<Pick<Ledger, 'episodes'>, EpisodeRow> {
  const byEpisode = new Map<string, readonly EpisodeRow[]>();
  const changed = new Map<string, EpisodeRow>();
  const episodes = (scope: string, episodeId: string): readonly EpisodeRow[] =>
    byEpisode.get(pairKey(scope, episodeId)) ?? source.episodes(scope, episodeId);
  return {
    reads: { episodes },
    save: (row) => {
      const others = episodes(row.scope, row.episodeId).filter(({ taskId }) => taskId !== row.taskId);
      const key = pairKey(row.scope, row.episodeId);
      byEpisode.set(key, [...others, row]);
      changed.set(pairKey(key, row.taskId), row);
    },
    changed: () => [...changed.values()],
  };
}

function overlayFeedback(
  source: LedgerSource,
): Overlay<Pick<Ledger, 'feedback' | 'feedbackOf' | 'waitingFor'>, FeedbackRow> {
  const changed = new Map<string, FeedbackRow>();
  const byEpisode = new Map<string, Map<string, FeedbackRow>>();
  const rowsOf = (scope: string, episodeId: string): Map<string, FeedbackRow> => {
    const key = pairKey(scope, episodeId);
    const known = byEpisode.get(key);
    if (known !== undefined) return known;
    const rows = new Map(source.feedbackOf(scope, episodeId).map((row) => [row.feedbackId, row]));
    byEpisode.set(key, rows);
    return rows;
  };
  return {
    reads: {
      feedback: (feedbackId) => changed.get(feedbackId) ?? source.feedback(feedbackId),
      feedbackOf: (scope, episodeId) => [...rowsOf(scope, episodeId).values()],
      waitingFor: (scope, name) =>
        source.waitingFor(scope, name).filter(({ feedbackId }) => !changed.has(feedbackId)),
    },
    save: (row) => {
      changed.set(row.feedbackId, row);
      if (row.state.kind === 'resolved')
        rowsOf(row.state.scope, row.state.episodeId).set(row.feedbackId, row);
    },
    changed: () => [...changed.values()],
  };
}

function overlayDecisions(source: LedgerSource): {
  readonly reads: Pick<Ledger, 'decision' | 'decisionNamed' | 'newestDecision'>;
  readonly add: (decision: Decision) => void;
  readonly added: () => readonly Decision[];
} {
  const added = new Map<string, Decision>();
  const named = new Map<string, Decision>();
  const newest = new Map<string, Decision>();
  return {
    reads: {
      decision: (decisionId) => added.get(decisionId) ?? source.decision(decisionId),
      decisionNamed: (scope, name) => named.get(pairKey(scope, name)) ?? source.decisionNamed(scope, name),
      newestDecision: (scope, episodeId) =>
        newerOf(newest.get(pairKey(scope, episodeId)), source.newestDecision(scope, episodeId)),
    },
    add: (decision) => {
      added.set(decision.decisionId, decision);
      const { scope, completionId, episodeId } = decision;
      if (completionId !== null) named.set(pairKey(scope, completionId), decision);
      const key = pairKey(scope, episodeId);
      const latest = newest.get(key);
      if (latest === undefined || isLater(decision, latest)) newest.set(key, decision);
    },
    added: () => [...added.values()],
  };
}

function newerOf(
  one: RecordedDecision | undefined,
  other: RecordedDecision | undefined,
): RecordedDecision | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return isLater(one, other) ? one : other;
}
