import { noSpend, type Spend } from '../../domain/spend.ts';
import type { SpendHistory, SpendStore } from '../spend-store.ts';
import type { KyselyContext, Read } from './context.ts';

/** What learning cost, in a database. */
export function kyselySpends({ db, commit }: KyselyContext): SpendStore & SpendHistory {
  return {
    readSpend: async (taskId, day) =>
      spendOf(await sumSpends(db, taskId).where('day', '=', day).executeTakeFirst()),
    readSpends: async (taskId, sinceDay) => {
      const rows = await sumSpends(db, taskId)
        .select('day')
        .where('day', '>=', sinceDay)
        .groupBy('day')
        .orderBy('day')
        .execute();
      return rows.map((row) => ({ day: Number(row.day), ...spendOf(row) }));
    },
    readTotalSpend: async (taskId) => spendOf(await sumSpends(db, taskId).executeTakeFirst()),
    addSpend: async (taskId, day, spend) => {
      await commit((write) =>
        write
          .insertInto('spends')
          .values({
            task_id: taskId,
            day,
            usd: spend.usd,
            shadow_requests: spend.shadowRequests,
            optimizer_calls: spend.optimizerCalls,
            judge_calls: spend.judgeCalls,
            optimizer_tokens: spend.optimizerTokens,
          })
          .onConflict((conflict) =>
            conflict.columns(['task_id', 'day']).doUpdateSet((eb) => ({
              usd: eb('spends.usd', '+', spend.usd),
              shadow_requests: eb('spends.shadow_requests', '+', spend.shadowRequests),
              optimizer_calls: eb('spends.optimizer_calls', '+', spend.optimizerCalls),
              judge_calls: eb('spends.judge_calls', '+', spend.judgeCalls),
              optimizer_tokens: eb('spends.optimizer_tokens', '+', spend.optimizerTokens),
            })),
          )
          .execute(),
      );
    },
  };
}

function sumSpends(db: Read, taskId: string) {
  return db
    .selectFrom('spends')
    .select(({ fn }) => [
      fn.sum('usd').as('usd'),
      fn.sum('shadow_requests').as('shadowRequests'),
      fn.sum('optimizer_calls').as('optimizerCalls'),
      fn.sum('judge_calls').as('judgeCalls'),
      fn.sum('optimizer_tokens').as('optimizerTokens'),
    ])
    .where('task_id', '=', taskId);
}

function spendOf(sums: Readonly<Record<keyof Spend, unknown>> | undefined): Spend {
  if (sums === undefined) return noSpend;
  return {
    usd: Number(sums.usd ?? 0),
    shadowRequests: Number(sums.shadowRequests ?? 0),
    optimizerCalls: Number(sums.optimizerCalls ?? 0),
    judgeCalls: Number(sums.judgeCalls ?? 0),
    optimizerTokens: Number(sums.optimizerTokens ?? 0),
  };
}
