import type { Clock } from '../../domain/clock.ts';
import type { Random } from '../../domain/random.ts';
import type { BanditFold } from '../bandit-fold.ts';
import type { DamageListener } from './damage.ts';

/** What a store needs on either engine. */
export interface StoreSettings {
  readonly fold: BanditFold;
  readonly clock: Clock;
  /** Makes the signing secret, so it must be unpredictable. */
  readonly random: Random;
  /** A writer migrates the database; a reader only reads one that has been, and its writes are refused. */
  readonly mode: 'writer' | 'reader';
  /** How long decisions with their text, and shadow runs, are kept; default 14 days. */
  readonly retentionMs?: number;
  /** Told of each row that cannot be read, each time that it is met; it is left out. Default: nobody is told. */
  readonly onDamage?: DamageListener;
}
