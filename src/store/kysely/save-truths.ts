import type { GroundTruth } from '../ledger/ledger-rows.ts';
import { pairKey } from '../ledger/ledger.ts';
import { findAll, inRows, type Write } from './context.ts';

/** Stores ground truth and marks the decisions whose input it is about; those that it no longer is about too. */
export async function saveTruths(write: Write, truths: readonly GroundTruth[]): Promise<void> {
  if (truths.length === 0) return;
  const before = await findAll(
    truths.map(({ feedbackId }) => feedbackId),
    (chunk) =>
      write
        .selectFrom('ground_truths')
        .select(['task_id', 'input_hash'])
        .where('feedback_id', 'in', chunk)
        .execute(),
  );
  for (const rows of inRows(truths)) await upsert(write, rows);
  const left = before.map(({ task_id: taskId, input_hash: inputHash }) => ({ taskId, inputHash }));
  const inputs = new Map(
    [...left, ...truths].map(({ taskId, inputHash }) => [pairKey(taskId, inputHash), { taskId, inputHash }]),
  );
  for (const input of inputs.values()) await markInput(write, input);
}

async function upsert(write: Write, truths: readonly GroundTruth[]): Promise<void> {
  const rows = truths.map((truth) => ({
    feedback_id: truth.feedbackId,
    task_id: truth.taskId,
    input_hash: truth.inputHash,
    decision_id: truth.decisionId,
    expected: truth.expected,
    at_ms: truth.atMs,
  }));
  await write
    .insertInto('ground_truths')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('feedback_id').doUpdateSet((eb) => ({
        task_id: eb.ref('excluded.task_id'),
        input_hash: eb.ref('excluded.input_hash'),
        decision_id: eb.ref('excluded.decision_id'),
        expected: eb.ref('excluded.expected'),
        at_ms: eb.ref('excluded.at_ms'),
      })),
    )
    .execute();
}

/** Marks the requests with an input by whether there is ground truth for it. */
export async function markInput(
  write: Write,
  { taskId, inputHash }: Pick<GroundTruth, 'taskId' | 'inputHash'>,
): Promise<void> {
  const truth = await write
    .selectFrom('ground_truths')
    .select('feedback_id')
    .where('task_id', '=', taskId)
    .where('input_hash', '=', inputHash)
    .limit(1)
    .executeTakeFirst();
  const hasExpected = truth === undefined ? 0 : 1;
  await write
    .updateTable('decisions')
    .set({ has_expected: hasExpected })
    .where('task_id', '=', taskId)
    .where('input_hash', '=', inputHash)
    .where('content', 'is not', null)
    .where('has_expected', '<>', hasExpected)
    .execute();
}
