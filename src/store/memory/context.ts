import type { Random } from '../../domain/random.ts';
import type { LedgerRules } from '../ledger/settle-episode.ts';
import type { Tables } from './tables.ts';

/** What each part of the store works with. */
export interface MemoryContext {
  readonly tables: Tables;
  readonly random: Random;
  readonly retentionMs: number;
  /** The rules at this moment. */
  readonly rules: () => LedgerRules;
}
