import { differenceKey, type Ledger } from '../../domain/histogram.ts';
import type { Pair } from '../../domain/shadow-run.ts';
import type { Commit, Read, Write } from './context.ts';
import { readRow } from './damage.ts';

/** Counts pairs whose unit their campaign has not counted yet, as increments of histogram bars. */
export async function recordPairs(commit: Commit, pairs: readonly Pair[]): Promise<void> {
  if (pairs.length === 0) return;
  await commit(async (write) => {
    for (const pair of pairs) if (await claimUnit(write, pair)) await countPair(write, pair);
  });
}

/** The bars of a campaign's histograms. Throws `store_damaged` where one is no number: evidence is whole, or none. */
export async function readLedger(db: Read, campaignId: string): Promise<Ledger> {
  const rows = await db
    .selectFrom('ledgers')
    .select(['ledger', 'difference', 'count'])
    .where('campaign_id', '=', campaignId)
    .execute();
  const ledger: Record<string, Record<string, number>> = {};
  for (const { ledger: name, difference, count } of rows) {
    const histogram = (ledger[name] ??= {});
    histogram[String(difference)] = readRow({ table: 'ledgers', key: campaignId }, () => countOf(count));
  }
  return ledger;
}

function countOf(stored: number | string): number {
  const count = Number(stored);
  if (!(Number.isSafeInteger(count) && count >= 0)) throw new RangeError('a bar has no count');
  return count;
}

async function claimUnit(write: Write, { campaignId, unitId }: Pair): Promise<boolean> {
  const claimed = await write
    .insertInto('pairs')
    .values({ campaign_id: campaignId, unit_id: unitId })
    .onConflict((conflict) => conflict.columns(['campaign_id', 'unit_id']).doNothing())
    .returning('unit_id')
    .executeTakeFirst();
  return claimed !== undefined;
}

async function countPair(write: Write, { campaignId, differences }: Pair): Promise<void> {
  for (const [ledger, difference] of Object.entries(differences))
    await write
      .insertInto('ledgers')
      .values({ campaign_id: campaignId, ledger, difference: differenceKey(difference), count: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(['campaign_id', 'ledger', 'difference'])
          .doUpdateSet((eb) => ({ count: eb('ledgers.count', '+', 1) })),
      )
      .execute();
}
