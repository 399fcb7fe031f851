import type { ServerRole } from './config.ts';
import type { LogLevel } from '../runtime/logger.ts';
import type { AdminRole } from '../domain/admin-token.ts';
import type { ApiKeyRole } from '../domain/api-key.ts';
import type { CredentialHeader } from '../domain/credential.ts';
import type { TextFeature } from '../domain/grader.ts';
import type { TroubleName } from '../domain/upstream.ts';
import type { RecordingLevel } from '../domain/recording.ts';
import type { ExamplesPolicy } from '../domain/task.ts';
import type { Horizon } from '../domain/proposal.ts';
import type { TestMode } from '../domain/test-terms.ts';

/** A task of `ratchet.yaml`, checked, durations in milliseconds; what was not said is absent. */
export interface TaskEntry {
  readonly model?: string | undefined;
  readonly reward?: Readonly<Record<string, number>> | undefined;
  readonly metrics?: Readonly<Record<string, MetricEntry>> | undefined;
  readonly graders?: readonly GraderEntry[] | undefined;
  readonly protect?: readonly string[] | undefined;
  readonly budget?:
    | {
        readonly usd_per_day?: number | undefined;
        readonly shadow_requests_per_day?: number | undefined;
        readonly explore_share?: number | undefined;
      }
    | undefined;
  readonly gate?:
    | {
        readonly alpha?: number | undefined;
        readonly block?: number | 'life' | undefined;
        readonly margin?: number | undefined;
        readonly mde?: number | undefined;
        readonly attribution_window?: number | undefined;
        readonly approve?: 'auto' | 'manual' | undefined;
        readonly limit_edit_size?: boolean | undefined;
        readonly strict?: boolean | undefined;
        readonly mode?:
          { readonly improve?: TestMode | undefined; readonly prune?: TestMode | undefined } | undefined;
        readonly secondary?: string | undefined;
        readonly pinned_requests?: number | undefined;
        readonly slices?: Readonly<Record<string, { readonly margin?: number | undefined }>> | undefined;
      }
    | undefined;
  readonly shadow?:
    | {
        readonly mode?: 'replay' | 'mirror' | undefined;
        readonly requests_per_minute?: number | undefined;
        readonly turns?: number | undefined;
      }
    | undefined;
  readonly bandit?:
    | {
        readonly policy?: 'tsallis' | 'shannon' | undefined;
        readonly half_life?: number | undefined;
        readonly prior?: 'mean' | 'expo' | undefined;
      }
    | undefined;
  readonly contract?:
    | 'off'
    | {
        readonly output?: string | Readonly<Record<string, unknown>> | undefined;
        readonly inputs?: string | Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  readonly learner?:
    | {
        readonly optimizers?: readonly string[] | undefined;
        readonly open_campaigns?: number | undefined;
        readonly choice?: 'learned' | 'turns' | undefined;
        readonly batch_size?: number | undefined;
        readonly horizon?: Horizon | undefined;
        readonly step_metric?: string | undefined;
        readonly expo?:
          | {
              readonly estimator?: 'ridge' | 'network' | undefined;
              readonly eta?: number | undefined;
              readonly sum_decay?: number | undefined;
              readonly data_decay?: number | undefined;
              readonly floor?: number | undefined;
            }
          | undefined;
        readonly meta_prompt?: 'off' | 'on' | undefined;
        readonly warm_start?: 'off' | 'scope' | 'all' | undefined;
        readonly examples?: ExamplesPolicy | undefined;
      }
    | undefined;
}

/** A metric of a task. */
export type MetricEntry = {
  readonly optimize?: 'max' | 'min' | undefined;
  readonly guardrail?: { readonly margin?: number | undefined } | undefined;
  readonly grader?: GraderEntry | undefined;
} & (
  | { readonly type: 'boolean' }
  | { readonly type: 'number'; readonly range?: readonly [number, number] | undefined }
);

/** A grader of a task. */
export type GraderEntry = { readonly weight?: number | undefined } & (
  | { readonly kind: 'exact'; readonly against?: 'expected' | undefined }
  | {
      readonly kind: 'normalised';
      readonly ignore?: readonly TextFeature[] | undefined;
      readonly match?: 'whole' | 'contains' | undefined;
    }
  | {
      readonly kind: 'numeric';
      readonly absolute?: number | undefined;
      readonly relative?: number | undefined;
      readonly take?: 'last' | 'first' | 'only' | undefined;
      readonly decimal?: 'point' | 'comma' | undefined;
      readonly field?: string | undefined;
    }
  | { readonly kind: 'json-schema'; readonly schema: string | Readonly<Record<string, unknown>> }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags?: string | undefined }
  | { readonly kind: 'tool-call' }
  | { readonly kind: 'similarity'; readonly floor?: number | undefined }
  | {
      readonly kind: 'webhook';
      readonly url: string;
      readonly timeout?: number | undefined;
      readonly secret_env?: string | undefined;
    }
  | { readonly kind: 'judge'; readonly rubric: string }
);

/** A task as the file has it: what only the file can say is added. */
export interface FileTaskEntry extends TaskEntry {
  /** Names of upstreams in the order in which they are tried. */
  readonly upstreams?: readonly string[] | undefined;
}

/** An upstream of `ratchet.yaml`, checked, durations in milliseconds; what was not said is absent. */
export interface UpstreamEntry {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly key_env?: string | undefined;
  readonly key_header?: CredentialHeader | undefined;
  readonly credential?: 'client' | 'none' | undefined;
  readonly models?: Readonly<Record<string, string>> | undefined;
  readonly usage?: 'as-sent' | 'request' | undefined;
  readonly connect_timeout?: number | undefined;
  readonly first_byte_timeout?: number | undefined;
  readonly idle_timeout?: number | undefined;
  readonly keep_alive?: number | undefined;
  readonly retries?:
    | {
        readonly max?: number | undefined;
        readonly on?: readonly TroubleName[] | undefined;
        readonly pause_max?: number | undefined;
        readonly for_retrying_clients?: boolean | undefined;
      }
    | undefined;
  readonly concurrency?: number | undefined;
  readonly queue?: { readonly max?: number | undefined; readonly timeout?: number | undefined } | undefined;
  readonly breaker?:
    | {
        readonly share?: number | undefined;
        readonly calls?: number | undefined;
        readonly pause?: number | undefined;
        readonly on?: readonly TroubleName[] | undefined;
        readonly fail_fast?: boolean | undefined;
      }
    | undefined;
}

/** Upstreams for some models. */
export interface RouteEntry {
  readonly models: readonly string[];
  readonly upstreams: readonly string[];
}

/** A key that clients authenticate with, checked. */
export interface KeyEntry {
  readonly id: string;
  readonly secret: string;
  readonly roles: readonly ApiKeyRole[];
  readonly limits?:
    | {
        readonly requests_per_minute?: number | undefined;
        readonly requests_per_day?: number | undefined;
        readonly tokens_per_day?: number | undefined;
        readonly usd_per_day?: number | undefined;
        readonly feedback_per_minute?: number | undefined;
      }
    | undefined;
}

/** A token that opens the control plane, checked. */
export interface AdminTokenEntry {
  readonly id: string;
  readonly secret: string;
  readonly role: AdminRole;
}

/** Environment and file together, checked, with defaults; keys as in the file, durations in milliseconds. */
export interface ConfigEntries {
  readonly port: number;
  readonly host: string;
  readonly upstream: string;
  readonly upstream_key?: string | undefined;
  readonly role: ServerRole;
  readonly database: string;
  readonly upstreams: Readonly<Record<string, UpstreamEntry>>;
  readonly fallback?: readonly string[] | undefined;
  readonly routes: readonly RouteEntry[];
  readonly keys: readonly KeyEntry[];
  readonly admin_token?: string | undefined;
  readonly admin_tokens: readonly AdminTokenEntry[];
  readonly secret?: string | undefined;
  readonly learning_key?: string | undefined;
  readonly learning_upstream?: string | undefined;
  readonly optimizer_model: string;
  readonly judge_model: string;
  readonly embedding_model: string;
  readonly record: RecordingLevel;
  readonly record_share: number;
  readonly retention: number;
  readonly automatic_tasks: boolean;
  readonly capture_content?: boolean | undefined;
  readonly log_level: LogLevel;
  readonly drain_timeout: number;
  readonly shadow: {
    readonly concurrency: number;
    readonly requests_per_minute?: number | undefined;
    readonly usd_per_day?: number | undefined;
    readonly headroom: number;
  };
  readonly prices: Readonly<
    Record<string, { readonly input_per_million: number; readonly output_per_million: number }>
  >;
  readonly tasks: Readonly<Record<string, FileTaskEntry>>;
}
