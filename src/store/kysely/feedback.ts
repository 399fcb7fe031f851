import type { Feedback } from '../../domain/feedback.ts';
import type { FeedbackStore } from '../feedback-store.ts';
import { countFeedback, feedbackIdOf } from '../ledger/count-feedback.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { KyselyContext } from './context.ts';
import { loadLedger, type LedgerNeeds } from './load-ledger.ts';
import { mergeFeedback } from './merge-feedback.ts';
import { saveLedger } from './save-ledger.ts';

/** Feedback in a database. */
export function kyselyFeedback({ db, commit, rules }: KyselyContext): FeedbackStore {
  const count = mergeFeedback(async (batch) =>
    commit(async (write) => {
      const source = await loadLedger(write, needsOf(batch));
      const ledger = openLedger(source);
      const receipts = countFeedback(ledger, batch, rules());
      await saveLedger(write, source, ledger.changes());
      return receipts;
    }),
  );
  return {
    recordFeedback: async (batch) => (batch.length === 0 ? [] : count(batch)),
    readRewards: async (taskId, after, limit) => {
      const events = await db
        .selectFrom('reward_events')
        .selectAll()
        .where('task_id', '=', taskId)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute();
      return events.map((event) => ({
        sequence: Number(event.sequence),
        episodeId: event.episode_id,
        variantId: event.variant_id,
        propensity: event.propensity,
        planVersion: Number(event.plan_version),
        reward: event.reward,
        atMs: Number(event.at_ms),
        decidedAtMs: Number(event.decided_at_ms),
      }));
    },
  };
}

function needsOf(batch: readonly Feedback[]): LedgerNeeds {
  const names = batch.flatMap(({ target }) => (target.kind === 'name' ? [target.name] : []));
  const refs = batch.flatMap(({ target }) => (target.kind === 'decision' ? [target.ref] : []));
  return {
    taskIds: refs.map(({ taskId }) => taskId),
    feedbackIds: batch.map(feedbackIdOf),
    names,
    episodeIds: refs.map(({ episodeId }) => episodeId),
    decisionIds: refs.map(({ decisionId }) => decisionId),
    hasTruth: batch.some(({ body }) => body.expected !== null),
  };
}
