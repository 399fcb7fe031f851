import type { DecisionStore, EpisodeRecord } from '../decision-store.ts';
import { adoptDecisions } from '../ledger/adopt-decisions.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { KyselyContext, Read } from './context.ts';
import { loadLedger } from './load-ledger.ts';
import { saveLedger } from './save-ledger.ts';

/** Decisions in a database. */
export function kyselyDecisions({ db, commit, rules }: KyselyContext): DecisionStore {
  return {
    recordDecisions: async (decisions) => {
      if (decisions.length === 0) return;
      await commit(async (write) => {
        const source = await loadLedger(write, {
          taskIds: decisions.map(({ taskId }) => taskId),
          feedbackIds: [],
          names: decisions.flatMap(({ completionId, episodeId }) => [completionId ?? episodeId, episodeId]),
          episodeIds: [],
          decisionIds: decisions.map(({ decisionId }) => decisionId),
          hasTruth: false,
        });
        const ledger = openLedger(source);
        adoptDecisions(ledger, decisions, rules());
        await saveLedger(write, source, ledger.changes());
      });
    },
    findEpisode: async (scope, key, taskId) => {
      const named = await firstDrawn(db, { scope, episodeId: key, taskId });
      if (named !== undefined) return named;
      const turn =
        (await findTurn(db, 'conversation_key', { scope, key, taskId })) ??
        (await findTurn(db, 'completion_id', { scope, key, taskId }));
      if (turn === undefined) return undefined;
      return firstDrawn(db, { scope, episodeId: turn.episode_id, taskId: turn.task_id });
    },
  };
}

async function firstDrawn(
  db: Read,
  named: { readonly scope: string; readonly episodeId: string; readonly taskId: string | undefined },
): Promise<EpisodeRecord | undefined> {
  const { scope, episodeId, taskId } = named;
  const found = await db
    .selectFrom('episodes')
    .select(['task_id', 'variant_id', 'propensity', 'plan_version'])
    .where('episode_id', '=', episodeId)
    .where('scope', '=', scope)
    .where('variant_id', 'is not', null)
    .$if(taskId !== undefined, (query) => query.where('task_id', '=', taskId ?? ''))
    .orderBy('started_at_ms')
    .orderBy('task_id')
    .limit(1)
    .executeTakeFirst();
  if (found === undefined || found.variant_id === null || found.propensity === null) return undefined;
  return {
    episodeId,
    taskId: found.task_id,
    variantId: found.variant_id,
    propensity: found.propensity,
    planVersion: Number(found.plan_version),
  };
}

async function findTurn(
  db: Read,
  column: 'conversation_key' | 'completion_id',
  named: { readonly scope: string; readonly key: string; readonly taskId: string | undefined },
): Promise<{ readonly episode_id: string; readonly task_id: string } | undefined> {
  const { scope, key, taskId } = named;
  return db
    .selectFrom('decisions')
    .select(['episode_id', 'task_id'])
    .where(column, '=', key)
    .where('scope', '=', scope)
    .$if(taskId !== undefined, (query) => query.where('task_id', '=', taskId ?? ''))
    .orderBy('at_ms', 'desc')
    .orderBy('decision_id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
