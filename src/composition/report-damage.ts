import type { Logger } from '../domain/logger.ts';
import type { DamageListener } from '../store/kysely/damage.ts';

/** Tells an operator which row cannot be read, never what is in it. The log leaves repetitions out. */
export function createDamageReporter(logger: Logger): DamageListener {
  return ({ table, key }) =>
    logger.error('row-damaged', {
      table,
      key,
      meaning: 'it is left out; what depends on it stands still',
      fix: 'run ratchet doctor, then restore the row from a backup',
    });
}
