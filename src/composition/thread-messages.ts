import type { MessagePort } from 'node:worker_threads';
import type { LogLevel } from '../runtime/logger.ts';
import type { TelemetryMessage } from '../telemetry/relayed.ts';
import type { Price } from '../domain/price.ts';
import type { SweepReport } from '../store/maintenance.ts';
import type { LearningConfig, ShadowLimits } from '../configuration/config.ts';

/** What the store thread is started with. */
export interface StoreThreadData {
  readonly databasePath: string;
  readonly retentionMs: number;
  /** Pause between two sweeps, milliseconds. */
  readonly sweepMs: number;
  readonly logLevel: LogLevel;
  /** Of the process's steady clock. */
  readonly clockOffset: SharedArrayBuffer;
}

/** From the main thread to the store thread. */
export type ToStoreThread =
  /** Somebody wants to use the store through this port. */
  { readonly kind: 'connect'; readonly port: MessagePort } | { readonly kind: 'stop' };

/** From the store thread. */
export type FromStoreThread =
  /** The database is open. */
  | { readonly kind: 'opened' }
  /** A sign of life. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'swept'; readonly report: SweepReport };

/** What the learning thread is started with. */
export interface LearningThreadData {
  readonly databasePath: string;
  readonly learning: LearningConfig & { readonly key: string };
  readonly prices: Readonly<Record<string, Price>>;
  readonly shadow: ShadowLimits;
  /** Pauses between two cycles, milliseconds. */
  readonly learnerMs: number;
  readonly gateMs: number;
  readonly logLevel: LogLevel;
  /** Of the process's steady clock. */
  readonly clockOffset: SharedArrayBuffer;
}

/** From the main thread to the learning thread. */
export type ToLearningThread =
  /** The database is open, and is to be written through this port. */
  | { readonly kind: 'connect'; readonly port: MessagePort }
  /** The store thread is gone; when there is another, the file at the database's path may be another too. */
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'stop' };

/** From the learning thread. */
export type FromLearningThread =
  | { readonly kind: 'telemetry'; readonly message: TelemetryMessage }
  /** A sign of life. */
  | { readonly kind: 'alive' };
