import { banditFold } from '../bandit/fold.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { findDamage } from '../store/kysely/find-damage.ts';
import { failure, type Finding } from './finding.ts';

/** Rows that are named; the number of all is told. */
const namedMax = 10;

/** Whether everything that a database file holds can be read; `undefined` where all of it can. */
export async function checkRecords(path: string): Promise<Finding | undefined> {
  try {
    const { file, rows } = await findDamage(path, banditFold);
    const faults = [...rows.map(({ table, key }) => `table ${table}, row ${key}`), ...file];
    if (faults.length === 0) return undefined;
    const named = faults.slice(0, namedMax).join('; ');
    return failure(
      'database',
      `${path} is damaged: ${named}${faults.length > namedMax ? ` and ${faults.length - namedMax} more` : ''}`,
      'stop Ratchet, then restore these rows, or the file, from a backup; what can be read is served meanwhile',
    );
  } catch (error) {
    if (!(error instanceof RatchetError)) throw error;
    return failure(
      'database',
      `${path} cannot be read: ${error.message}`,
      'stop Ratchet, then put a backup in its place, or move it away to begin anew',
    );
  }
}
