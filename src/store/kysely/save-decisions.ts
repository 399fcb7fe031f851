import type { Decision } from '../../domain/decision.ts';
import { inRows, type Write } from './context.ts';
import { decisionColumns } from './decision-columns.ts';

/** Stores new decisions; those with their text whose input has ground truth are marked so. */
export async function saveDecisions(write: Write, decisions: readonly Decision[]): Promise<void> {
  for (const rows of inRows(decisions)) {
    await write
      .insertInto('decisions')
      .values(rows.map(decisionColumns))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const withText = rows.filter(({ content }) => content !== null);
    if (withText.length === 0) continue;
    await write
      .updateTable('decisions')
      .set({ has_expected: 1 })
      .where(
        'decision_id',
        'in',
        withText.map(({ decisionId }) => decisionId),
      )
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('ground_truths')
            .select('feedback_id')
            .whereRef('ground_truths.task_id', '=', 'decisions.task_id')
            .whereRef('ground_truths.input_hash', '=', 'decisions.input_hash'),
        ),
      )
      .execute();
  }
}
