import type { MessagePort } from 'node:worker_threads';
import type { LogLevel } from '../runtime/logger.ts';
import type { TelemetryMessage } from '../telemetry/relayed.ts';
import type { Decision } from '../domain/decision.ts';
import type { Price } from '../domain/price.ts';
import type { RateLimit } from '../domain/rate-limit.ts';
import type { DatabaseLocation } from '../store/database-location.ts';
import type { SweepReport } from '../store/maintenance.ts';
import type { LearningConfig, ShadowLimits } from '../configuration/config.ts';

/** What the store thread is started with. */
export interface StoreThreadData {
  readonly database: DatabaseLocation;
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
  | { readonly kind: 'swept'; readonly report: SweepReport }
  /** Plans, tasks or probabilities have changed, by whomever. */
  | { readonly kind: 'changed' }
  /** Whether such changes are told of from now on. */
  | { readonly kind: 'listening'; readonly isOn: boolean };

/** What the learning thread is started with. */
export interface LearningThreadData {
  readonly database: DatabaseLocation;
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
  /** Requests that have just been served, with their texts, since they were asked for. */
  | { readonly kind: 'live'; readonly decisions: readonly Decision[] }
  /** User traffic has come near a rate limit of the upstream that learning uses too. */
  | { readonly kind: 'rate-limit'; readonly model: string; readonly rateLimit: RateLimit }
  | { readonly kind: 'stop' };

/** From the learning thread. */
export type FromLearningThread =
  | { readonly kind: 'telemetry'; readonly message: TelemetryMessage }
  /** Requests of these tasks that have just been served are wanted. */
  | { readonly kind: 'take-live'; readonly taskIds: readonly string[] }
  /** A sign of life. */
  | { readonly kind: 'alive' };
