import type { AdminToken } from '../domain/admin-token.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { Price } from '../domain/price.ts';
import type { RecordingLevel } from '../domain/recording.ts';
import type { TaskConfig } from '../domain/task.ts';
import type { RelayConfig } from '../domain/upstream.ts';
import type { DatabaseLocation } from '../store/database-location.ts';
import type { LogLevel } from '../runtime/logger.ts';

/** Everything that can be set, checked once. Plain data, so that it can be handed to worker threads. */
export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly isLoopback: boolean;
  readonly upstream: string;
  /** Where requests go; `upstream` is the one named `default`. */
  readonly relay: RelayConfig;
  /** Whether requests may be paid with a key of the operator's; else each client's own credential is passed on. */
  readonly hasUpstreamKey: boolean;
  readonly role: ServerRole;
  readonly database: DatabaseLocation;
  readonly keys: readonly ApiKey[];
  /** What opens the control plane; none only on loopback: everyone on this machine may. */
  readonly adminTokens: readonly AdminToken[];
  /** Signs decision ids; `null`: the one kept in the store. */
  readonly secret: string | null;
  readonly learning: LearningConfig;
  readonly shadow: ShadowLimits;
  readonly recording: RecordingLevel;
  /** Share of episodes that are recorded, (0, 1]. */
  readonly recordedShare: number;
  readonly retentionMs: number;
  readonly areTasksAutomatic: boolean;
  readonly isContentCaptured: boolean;
  readonly logLevel: LogLevel;
  /** How long requests under way may take when the server stops. */
  readonly drainTimeoutMs: number;
  /** By model. */
  readonly prices: Readonly<Record<string, Price>>;
  /** By task name. */
  readonly tasks: Readonly<Record<string, TaskConfig>>;
  /** The file that was read; `null` where there is none. */
  readonly file: string | null;
  /** For the log: settings that look like mistakes. */
  readonly warnings: readonly string[];
}

/** A `proxy` serves and never learns; a `learner` is meant for no traffic, but would serve what reaches it, as `all` does. */
export type ServerRole = 'all' | 'proxy' | 'learner';

/** Ratchet's own model calls. */
export interface LearningConfig {
  /** `null`: nothing is proposed. */
  readonly key: string | null;
  readonly upstream: string;
  readonly optimizerModel: string;
  readonly judgeModel: string;
  /** `null`: prompts and answers are embedded without a model. */
  readonly embeddingModel: string | null;
  /** What webhooks send as their bearer tokens, by the name of the variable that holds it. */
  readonly webhookSecrets: Readonly<Record<string, string>>;
}

/** What shadow evaluation and judges may take beside user traffic, over all tasks. */
export interface ShadowLimits {
  /** Model calls at a time. */
  readonly concurrency: number;
  /** Model calls a minute; `null`: no limit. */
  readonly perMinute: number | null;
  /** US dollars a day that all tasks together may spend on learning; `null`: each its own budget. */
  readonly usdPerDay: number | null;
  /** Share of an upstream's rate limit that is left to user traffic, [0, 1). */
  readonly headroom: number;
}
