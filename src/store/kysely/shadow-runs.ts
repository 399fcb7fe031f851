import type { ShadowRun } from '../../domain/shadow-run.ts';
import { findAll, inRows, type Commit, type Read } from './context.ts';
import { readRow, readSoundRows } from './damage.ts';

/** Answers that a variant has given to recorded requests. */
export async function readShadowRuns(
  db: Read,
  wanted: {
    readonly taskId: string;
    readonly variantId: string;
    readonly decisionIds: readonly string[];
  },
): Promise<readonly ShadowRun[]> {
  const rows = await findAll(wanted.decisionIds, (chunk) =>
    db
      .selectFrom('shadow_runs')
      .select('run')
      .where('task_id', '=', wanted.taskId)
      .where('variant_id', '=', wanted.variantId)
      .where('decision_id', 'in', chunk)
      .execute(),
  );
  // What cannot be read counts as not answered.
  const row = { table: 'shadow_runs', key: wanted.variantId };
  const read = ({ run }: (typeof rows)[number]): ShadowRun => readRow(row, () => JSON.parse(run));
  return readSoundRows(rows, read, () => {});
}

/** Stores answers; the first one of (task, variant, decision) stays. */
export async function saveShadowRuns(commit: Commit, runs: readonly ShadowRun[]): Promise<void> {
  if (runs.length === 0) return;
  await commit(async (write) => {
    for (const chunk of inRows(runs)) {
      const rows = chunk.map((run) => ({
        task_id: run.taskId,
        variant_id: run.variantId,
        decision_id: run.decisionId,
        run: JSON.stringify(run),
        at_ms: run.atMs,
      }));
      await write
        .insertInto('shadow_runs')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['task_id', 'variant_id', 'decision_id']).doNothing())
        .execute();
    }
  });
}
