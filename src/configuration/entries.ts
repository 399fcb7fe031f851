import type { LogLevel } from '../runtime/logger.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { RecordingLevel } from '../domain/recording.ts';

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
      }
    | undefined;
  readonly bandit?:
    | { readonly policy?: 'tsallis' | 'shannon' | undefined; readonly half_life?: number | undefined }
    | undefined;
  readonly learner?:
    | { readonly optimizers?: readonly string[] | undefined; readonly open_campaigns?: number | undefined }
    | undefined;
}

/** A metric of a task. */
export type MetricEntry = {
  readonly optimize?: 'max' | 'min' | undefined;
  readonly guardrail?: { readonly margin?: number | undefined } | undefined;
} & (
  | { readonly type: 'boolean' }
  | { readonly type: 'number'; readonly range?: readonly [number, number] | undefined }
);

/** A grader of a task. */
export type GraderEntry = { readonly weight?: number | undefined } & (
  | { readonly kind: 'exact'; readonly against?: 'expected' | undefined }
  | { readonly kind: 'json-schema'; readonly schema: string | Readonly<Record<string, unknown>> }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags?: string | undefined }
  | { readonly kind: 'tool-call' }
  | { readonly kind: 'judge'; readonly rubric: string }
);

/** Environment and file together, checked, with defaults; keys as in the file, durations in milliseconds. */
export interface ConfigEntries {
  readonly port: number;
  readonly host: string;
  readonly upstream: string;
  readonly upstream_key?: string | undefined;
  readonly database: string;
  readonly keys: readonly ApiKey[];
  readonly admin_token?: string | undefined;
  readonly secret?: string | undefined;
  readonly learning_key?: string | undefined;
  readonly learning_upstream?: string | undefined;
  readonly optimizer_model: string;
  readonly judge_model: string;
  readonly record: RecordingLevel;
  readonly retention: number;
  readonly automatic_tasks: boolean;
  readonly capture_content?: boolean | undefined;
  readonly log_level: LogLevel;
  readonly prices: Readonly<
    Record<string, { readonly input_per_million: number; readonly output_per_million: number }>
  >;
  readonly tasks: Readonly<Record<string, TaskEntry>>;
}
