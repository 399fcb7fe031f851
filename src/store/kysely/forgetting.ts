import { pairKey } from '../ledger/ledger.ts';
import type { Forgetting, Forgotten, ForgetTarget } from '../forgetting.ts';
import { addAudit } from './change-log.ts';
import type { KyselyContext, Write } from './context.ts';
import { lockSequence } from './counters.ts';
import { markInput } from './save-truths.ts';

/** Rows that one transaction looks at. */
const rowsMax = 500;

/** Phases of the way: requests, then feedback. A place is the phase and the id that it has come to. */
type Phase = 'decisions' | 'feedback';
interface Way {
  readonly phase: Phase;
  readonly after: string;
}

/** Forgetting in a database, in portions by key. */
export function kyselyForgetting({ commit }: KyselyContext): Forgetting {
  return {
    forget: async (target, from, audit) =>
      commit(async (write) => {
        await lockSequence(write);
        if (from === null) await addAudit(write, audit);
        const way = wayOf(from);
        return way.phase === 'decisions'
          ? forgetDecisions(write, target, way.after)
          : forgetFeedback(write, target, way.after);
      }),
  };
}

function wayOf(from: string | null): Way {
  if (from === null) return { phase: 'decisions', after: '' };
  return { phase: from.startsWith('f:') ? 'feedback' : 'decisions', after: from.slice(2) };
}

async function forgetDecisions(write: Write, target: ForgetTarget, after: string): Promise<Forgotten> {
  const looked = await write
    .selectFrom('decisions')
    .select(['decision_id', 'episode_id', 'scope', 'task_id', 'input_hash'])
    .select((eb) => eb('content', 'is not', null).as('has_text'))
    .where('decision_id', '>', after)
    .$if(target.kind === 'decision', (found) =>
      found.where('decision_id', '=', target.kind === 'decision' ? target.decisionId : ''),
    )
    .$if(target.kind === 'episode', (found) =>
      found.where('episode_id', '=', target.kind === 'episode' ? target.episodeId : ''),
    )
    .orderBy('decision_id')
    .limit(rowsMax)
    .execute();
  const rows = looked.filter(({ scope }) => isOfScope(target, scope));
  const ids = rows.map(({ decision_id: id }) => id);
  const withText = rows.filter(({ has_text: hasText }) => Boolean(hasText)).length;
  let groundTruths = 0;
  let shadowRuns = 0;
  if (ids.length > 0) {
    await write
      .updateTable('decisions')
      .set({ content: null, has_expected: 0 })
      .where('decision_id', 'in', ids)
      .execute();
    const truths = await write
      .deleteFrom('ground_truths')
      .where('decision_id', 'in', ids)
      .returning(['task_id', 'input_hash'])
      .execute();
    groundTruths = truths.length;
    await markInputs(write, truths);
    const runs = await write.deleteFrom('shadow_runs').where('decision_id', 'in', ids).executeTakeFirst();
    shadowRuns = Number(runs.numDeletedRows);
  }
  const last = looked.at(-1);
  const next = looked.length < rowsMax || last === undefined ? 'f:' : `d:${last.decision_id}`;
  return { decisions: withText, feedback: 0, groundTruths, shadowRuns, next };
}

async function forgetFeedback(write: Write, target: ForgetTarget, after: string): Promise<Forgotten> {
  const looked = await write
    .selectFrom('feedback')
    .select([
      'feedback_id',
      'scope',
      'episode_scope',
      'decision_id',
      'target_name',
      'tags',
      'comment',
      'expected',
    ])
    .where('feedback_id', '>', after)
    .$if(target.kind === 'decision', (found) =>
      found.where((eb) => {
        const id = target.kind === 'decision' ? target.decisionId : '';
        return eb.or([eb('decision_id', '=', id), eb('target_name', '=', id)]);
      }),
    )
    .$if(target.kind === 'episode', (found) =>
      found.where((eb) => {
        const id = target.kind === 'episode' ? target.episodeId : '';
        return eb.or([eb('episode_id', '=', id), eb('target_name', '=', id)]);
      }),
    )
    .orderBy('feedback_id')
    .limit(rowsMax)
    .execute();
  const rows = looked.filter(
    ({ scope, episode_scope: episodeScope, tags, comment, expected }) =>
      isOfScope(target, episodeScope ?? scope) && (tags !== '{}' || comment !== null || expected !== null),
  );
  const ids = rows.map(({ feedback_id: id }) => id);
  let groundTruths = 0;
  if (ids.length > 0) {
    await write
      .updateTable('feedback')
      .set({ comment: null, expected: null, tags: '{}' })
      .where('feedback_id', 'in', ids)
      .execute();
    const truths = await write
      .deleteFrom('ground_truths')
      .where('feedback_id', 'in', ids)
      .returning(['task_id', 'input_hash'])
      .execute();
    groundTruths = truths.length;
    await markInputs(write, truths);
  }
  const last = looked.at(-1);
  const next = looked.length < rowsMax || last === undefined ? null : `f:${last.feedback_id}`;
  return { decisions: 0, feedback: ids.length, groundTruths, shadowRuns: 0, next };
}

function isOfScope(target: ForgetTarget, scope: string): boolean {
  return target.kind === 'decision' || target.scope === undefined || target.scope === scope;
}

/** Requests with the same input have lost their ground truth too, unless other feedback gives it. */
async function markInputs(
  write: Write,
  truths: readonly { readonly task_id: string; readonly input_hash: string }[],
): Promise<void> {
  const inputs = new Map(
    truths.map(({ task_id: taskId, input_hash: inputHash }) => [
      pairKey(taskId, inputHash),
      { taskId, inputHash },
    ]),
  );
  for (const input of inputs.values()) await markInput(write, input);
}
