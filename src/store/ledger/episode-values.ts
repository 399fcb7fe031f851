import { rewardOf } from '../../domain/reward.ts';
import type { TaskConfig } from '../../domain/task.ts';
import type { FeedbackDecision, FeedbackRow } from './ledger-rows.ts';

/** What is known of one target: a decision, or the episode itself. */
export interface TargetValues {
  /** `null`: the episode itself. */
  readonly decision: FeedbackDecision | null;
  /** The row whose value counts, by metric. */
  readonly rows: ReadonlyMap<string, FeedbackRow>;
}

/**
 * The values that count among the feedback of an episode: of each target and metric the newest, by the moment it was
 * given, then by arrival. Only decisions of the task, and the episode itself.
 */
export function episodeValues(rows: readonly FeedbackRow[], taskId: string): readonly TargetValues[] {
  const targets = new Map<
    string | null,
    { decision: FeedbackDecision | null; rows: Map<string, FeedbackRow> }
  >();
  for (const row of rows) {
    if (row.counted === null || row.state.kind !== 'resolved') continue;
    const { decision } = row.state;
    if (decision !== null && decision.taskId !== taskId) continue;
    const id = decision?.decisionId ?? null;
    const target = targets.get(id) ?? { decision, rows: new Map<string, FeedbackRow>() };
    targets.set(id, target);
    const rival = target.rows.get(row.counted.metric);
    if (rival === undefined || isNewer(row, rival)) target.rows.set(row.counted.metric, row);
  }
  return [...targets.values()];
}

/** A target's reward, `null` without a metric of the reward definition. */
export function targetReward(
  { rows }: TargetValues,
  config: Pick<TaskConfig, 'reward' | 'metrics'>,
): number | null {
  const values = [...rows].map(([metric, { counted }]): [string, number] => [metric, counted?.value ?? 0]);
  return rewardOf(Object.fromEntries(values), config);
}

function isNewer(row: FeedbackRow, rival: FeedbackRow): boolean {
  const atMs = row.counted?.atMs ?? 0;
  const rivalAtMs = rival.counted?.atMs ?? 0;
  return atMs === rivalAtMs ? row.arrival > rival.arrival : atMs > rivalAtMs;
}
