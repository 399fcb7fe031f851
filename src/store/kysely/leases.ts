import type { LeaseStore } from '../lease-store.ts';
import type { KyselyContext } from './context.ts';

/** Leases in a database. */
export function kyselyLeases({ db, commit }: KyselyContext): LeaseStore {
  return {
    readLease: async (name) => {
      const row = await db.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst();
      return row && { ...row, beat: Number(row.beat) };
    },
    takeLease: async ({ name, holder, beat }, seen) =>
      commit(async (write) => {
        if (seen === undefined) {
          const made = await write
            .insertInto('leases')
            .values({ name, holder, beat })
            .onConflict((conflict) => conflict.column('name').doNothing())
            .executeTakeFirst();
          return made.numInsertedOrUpdatedRows === 1n;
        }
        const taken = await write
          .updateTable('leases')
          .set({ holder, beat })
          .where('name', '=', name)
          .where('holder', '=', seen.holder)
          .where('beat', '=', seen.beat)
          .executeTakeFirst();
        return taken.numUpdatedRows === 1n;
      }),
  };
}
