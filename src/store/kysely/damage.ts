import { RatchetError } from '../../domain/ratchet-error.ts';

/** A row that is there and cannot be read. What it holds never leaves the store: it may be a prompt. */
export interface DamagedRow {
  readonly table: string;
  /** Its key, as far as one name tells it. */
  readonly key: string;
}

/** Told of a damaged row each time that it is met. */
export type DamageListener = (row: DamagedRow) => void;

/**
 * Reads part of a row. What is not as it was written, and therefore throws, becomes `store_damaged`, which no retry can
 * help.
 */
export function readRow<Value>({ table, key }: DamagedRow, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    // Whoever reads several parts of a row hears of the first that is damaged.
    if (cause instanceof RatchetError) throw cause;
    throw new RatchetError('store_damaged', `the row ${key} of table ${table} cannot be read`, {
      param: table,
    });
  }
}

/** Reads rows by `readRow`, without those that are damaged. */
export function readSoundRows<Row, Value>(
  rows: readonly Row[],
  read: (row: Row) => Value,
  onDamage: (row: Row, table: string) => void,
): readonly Value[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (error) {
      if (!isDamage(error)) throw error;
      onDamage(row, error.param ?? '');
      return [];
    }
  });
}

/** Whether an error tells of a damaged row. */
export function isDamage(error: unknown): error is RatchetError {
  return error instanceof RatchetError && error.code === 'store_damaged';
}
