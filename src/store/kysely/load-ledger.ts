import { sql } from 'kysely';
import type { EpisodeRow, FeedbackRow, LedgerTask, RecordedDecision } from '../ledger/ledger-rows.ts';
import { isLater, pairKey, type LedgerSource } from '../ledger/ledger.ts';
import { findAll, type Write } from './context.ts';
import { readSoundRows } from './damage.ts';
import { lockSequence } from './counters.ts';
import { recordedColumns, recordedDecision, type RecordedColumns } from './decision-columns.ts';
import { episodeRow } from './episode-columns.ts';
import { feedbackRow } from './feedback-columns.ts';
import { ledgerTaskOf, loadTasks } from './load-tasks.ts';

/** What the work at hand names; everything that hangs on it is found from there. */
export interface LedgerNeeds {
  readonly taskIds: Iterable<string>;
  readonly feedbackIds: Iterable<string>;
  /** Completion ids or episode ids. */
  readonly names: Iterable<string>;
  readonly episodeIds: Iterable<string>;
  readonly decisionIds: Iterable<string>;
  /** Whether ground truth is given, for which the decisions that it may be about are needed. */
  readonly hasTruth: boolean;
}

/** Reads, under a lock, all rows that the work at hand may touch, in a fixed number of queries per 500 names. */
export async function loadLedger(write: Write, needs: LedgerNeeds): Promise<LedgerSource> {
  const sequence = await lockSequence(write);
  const names = new Set(needs.names);
  const named = await findFeedback(write, needs.feedbackIds, names);
  const decisions = await findDecisions(write, needs.decisionIds, names);
  const episodeIds = new Set([...needs.episodeIds, ...names]);
  for (const { episodeId } of decisions.values()) episodeIds.add(episodeId);
  for (const { state, feedback } of named) {
    if (state.kind === 'resolved') episodeIds.add(state.episodeId);
    if (feedback.target.kind === 'decision') episodeIds.add(feedback.target.ref.episodeId);
  }
  const episodes = await findEpisodes(write, episodeIds);
  const resolved = await findResolved(write, episodeIds);
  const feedback = new Map([...named, ...resolved].map((row) => [row.feedbackId, row]));
  const isTruthful =
    needs.hasTruth || [...feedback.values()].some((row) => row.feedback.body.expected !== null);
  const turns = await findTurns(write, isTruthful ? episodeIds : []);
  const taskIds = new Set(needs.taskIds);
  for (const { taskId } of [...episodes, ...decisions.values()]) taskIds.add(taskId);
  const tasks = (await loadTasks(write, taskIds)).map(ledgerTaskOf);
  return sourceOf({ sequence, tasks, feedback, episodes, decisions: [...decisions.values(), ...turns] });
}

type NamedDecision = RecordedDecision & { readonly completionId: string | null };

async function findFeedback(
  write: Write,
  feedbackIds: Iterable<string>,
  names: Iterable<string>,
): Promise<readonly FeedbackRow[]> {
  const known = await findAll(feedbackIds, (chunk) =>
    write.selectFrom('feedback').selectAll().where('feedback_id', 'in', chunk).execute(),
  );
  const waiting = await findAll(names, (chunk) =>
    write
      .selectFrom('feedback')
      .selectAll()
      .where('target_name', 'in', chunk)
      .where('state', '=', sql.lit('pending'))
      .execute(),
  );
  return [...known, ...waiting].map(feedbackRow);
}

async function findDecisions(
  write: Write,
  decisionIds: Iterable<string>,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, NamedDecision>> {
  const query = write.selectFrom('decisions').select(recordedColumns);
  const byId = await findAll(decisionIds, (chunk) => query.where('decision_id', 'in', chunk).execute());
  const byName = await findAll(names, (chunk) => query.where('completion_id', 'in', chunk).execute());
  return new Map(soundDecisions([...byId, ...byName]).map((decision) => [decision.decisionId, decision]));
}

/** All decisions of episodes: ground truth is about the newest, or about one that is named. */
async function findTurns(write: Write, episodeIds: Iterable<string>): Promise<readonly NamedDecision[]> {
  const turns = await findAll(episodeIds, (chunk) =>
    write.selectFrom('decisions').select(recordedColumns).where('episode_id', 'in', chunk).execute(),
  );
  return soundDecisions(turns);
}

async function findEpisodes(write: Write, episodeIds: Iterable<string>): Promise<readonly EpisodeRow[]> {
  const episodes = await findAll(episodeIds, (chunk) =>
    write.selectFrom('episodes').selectAll().where('episode_id', 'in', chunk).execute(),
  );
  return episodes.map(episodeRow);
}

async function findResolved(write: Write, episodeIds: Iterable<string>): Promise<readonly FeedbackRow[]> {
  const resolved = await findAll(episodeIds, (chunk) =>
    write.selectFrom('feedback').selectAll().where('episode_id', 'in', chunk).execute(),
  );
  return resolved.map(feedbackRow);
}

/** Nothing can be counted for a decision that cannot be read. */
function soundDecisions(rows: readonly RecordedColumns[]): readonly NamedDecision[] {
  return readSoundRows(rows, namedDecision, () => {});
}

function namedDecision(columns: RecordedColumns): NamedDecision {
  return { ...recordedDecision(columns), completionId: columns.completion_id };
}

function sourceOf(loaded: {
  readonly sequence: number;
  readonly tasks: readonly LedgerTask[];
  readonly feedback: ReadonlyMap<string, FeedbackRow>;
  readonly episodes: readonly EpisodeRow[];
  readonly decisions: readonly NamedDecision[];
}): LedgerSource {
  const tasks = new Map(loaded.tasks.map((task) => [task.taskId, task]));
  const episodes = Map.groupBy(loaded.episodes, ({ scope, episodeId }) => pairKey(scope, episodeId));
  const rows = [...loaded.feedback.values()];
  const resolved = Map.groupBy(rows, ({ state }) =>
    state.kind === 'resolved' ? pairKey(state.scope, state.episodeId) : '',
  );
  const waiting = Map.groupBy(rows, ({ state, feedback: { scope, target } }) =>
    state.kind === 'pending' && target.kind === 'name' ? pairKey(scope, target.name) : '',
  );
  const decisions = new Map(loaded.decisions.map((decision) => [decision.decisionId, decision]));
  const named = new Map(
    loaded.decisions.map((decision) => [pairKey(decision.scope, decision.completionId ?? ''), decision]),
  );
  const turns = Map.groupBy(decisions.values(), ({ scope, episodeId }) => pairKey(scope, episodeId));
  return {
    sequence: loaded.sequence,
    task: (taskId) => tasks.get(taskId),
    feedback: (feedbackId) => loaded.feedback.get(feedbackId),
    episodes: (scope, episodeId) => episodes.get(pairKey(scope, episodeId)) ?? [],
    feedbackOf: (scope, episodeId) => resolved.get(pairKey(scope, episodeId)) ?? [],
    waitingFor: (scope, name) => waiting.get(pairKey(scope, name)) ?? [],
    decision: (decisionId) => decisions.get(decisionId),
    decisionNamed: (scope, completionId) => named.get(pairKey(scope, completionId)),
    newestDecision: (scope, episodeId) =>
      turns
        .get(pairKey(scope, episodeId))
        ?.reduce((newest, decision) => (isLater(decision, newest) ? decision : newest)),
  };
}
