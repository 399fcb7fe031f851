import { z } from 'zod';
import { RatchetError } from '../domain/ratchet-error.ts';

/** Most entries of one request. */
export const feedbackEntriesMax = 1_000;

/** One feedback as it was sent, in one form whatever its field names were. */
export interface FeedbackEntry {
  /** A signed decision id, or a name that upstream or the caller gave. */
  readonly id: string;
  readonly metric: string | null;
  readonly value: number | boolean | null;
  readonly comment: string | null;
  readonly expected: string | null;
  readonly key: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** What the caller calls the fields, for errors. */
  readonly fieldNames: { readonly id: string; readonly value: string };
}

/** Whose field names a request uses. */
export type FeedbackForm = 'ratchet' | 'gateway';

const id = z.string().min(1).max(4096);
const metric = z.string().min(1).max(200);
const value = z.union([z.number(), z.boolean()]);
const comment = z.string().max(20_000);
const expected = z.string().max(200_000);
const tags = z.record(z.string().max(100), z.string().max(1_000));

const ratchetForm = z
  .strictObject({
    id,
    score: value.nullish(),
    metric: metric.nullish(),
    value: value.nullish(),
    comment: comment.nullish(),
    expected: expected.nullish(),
    key: z.string().min(1).max(200).nullish(),
    tags: tags.nullish(),
  })
  .check(({ value: entry, issues }) => {
    const fault = faultOf(entry);
    if (fault !== undefined)
      issues.push({ code: 'custom', path: [fault.field], message: fault.message, input: entry });
  })
  .transform((entry): FeedbackEntry => {
    const isScore = (entry.score ?? null) !== null;
    return {
      id: entry.id,
      metric: isScore ? 'score' : (entry.metric ?? null),
      value: entry.score ?? entry.value ?? null,
      comment: entry.comment || null,
      expected: entry.expected ?? null,
      key: entry.key ?? null,
      tags: entry.tags ?? {},
      fieldNames: { id: 'id', value: isScore ? 'score' : 'value' },
    };
  });

/** Metric names that carry text instead of a value. */
const textMetrics = ['comment', 'demonstration'];

const gatewayForm = z
  .strictObject({
    inference_id: id.nullish(),
    episode_id: id.nullish(),
    metric_name: metric,
    value: z.union([value, z.string().max(200_000)]),
    tags: tags.nullish(),
    dryrun: z.literal(false).nullish(),
  })
  .check(({ value: entry, issues }) => {
    const hasOneId = ((entry.inference_id ?? null) === null) !== ((entry.episode_id ?? null) === null);
    const isText = typeof entry.value === 'string';
    if (!hasOneId)
      issues.push({
        code: 'custom',
        path: ['inference_id'],
        message: 'exactly one of inference_id and episode_id is needed',
        input: entry,
      });
    else if (isText !== textMetrics.includes(entry.metric_name))
      issues.push({
        code: 'custom',
        path: ['value'],
        message: isText ? 'a number or a boolean is expected' : `text is expected for ${entry.metric_name}`,
        input: entry,
      });
  })
  .transform((entry): FeedbackEntry => {
    const text = typeof entry.value === 'string' ? entry.value : null;
    return {
      id: entry.inference_id ?? entry.episode_id ?? '',
      metric: text === null ? entry.metric_name : null,
      value: typeof entry.value === 'string' ? null : entry.value,
      comment: entry.metric_name === 'comment' ? text : null,
      expected: entry.metric_name === 'demonstration' ? text : null,
      key: null,
      tags: entry.tags ?? {},
      fieldNames: {
        id: (entry.inference_id ?? null) === null ? 'episode_id' : 'inference_id',
        value: 'value',
      },
    };
  });

const forms = { ratchet: ratchetForm, gateway: gatewayForm } as const;

/**
 * Checks a body: one object, or a list of up to 1,000. Throws `invalid_feedback` naming the first field that is wrong,
 * such as `[3].value`.
 */
export function parseFeedback(json: unknown, form: FeedbackForm): readonly FeedbackEntry[] {
  if (Array.isArray(json) && (json.length === 0 || json.length > feedbackEntriesMax))
    throw new RatchetError('invalid_feedback', `a list holds 1 to ${feedbackEntriesMax} feedbacks`);
  const entries: readonly unknown[] = Array.isArray(json) ? json : [json];
  return entries.map((entry, index) => {
    const parsed = forms[form].safeParse(entry);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.map(String).join('.');
    throw invalidField(
      issue?.message ?? 'is not a feedback',
      field ?? '',
      Array.isArray(json) ? index : undefined,
    );
  });
}

/** An error that names the field, and the entry in a list. */
export function invalidField(message: string, field: string, index: number | undefined): RatchetError {
  const place = index === undefined ? '' : `[${index}]`;
  const param = [place, field].filter((part) => part !== '').join('.');
  return new RatchetError(
    'invalid_feedback',
    param === '' ? message : `${param}: ${message}`,
    param === '' ? {} : { param },
  );
}

type Given<T> = T | null | undefined;

function faultOf(entry: {
  readonly score?: Given<number | boolean>;
  readonly metric?: Given<string>;
  readonly value?: Given<number | boolean>;
  readonly comment?: Given<string>;
  readonly expected?: Given<string>;
}): { readonly field: string; readonly message: string } | undefined {
  const has = (field: keyof typeof entry): boolean => (entry[field] ?? null) !== null;
  if (has('score') && has('metric'))
    return { field: 'score', message: 'is short for metric "score", so it cannot stand beside a metric' };
  if (has('score') && has('value'))
    return { field: 'value', message: 'needs a metric; score already is a value' };
  if (has('metric') && !has('value')) return { field: 'value', message: 'is needed beside a metric' };
  if (has('value') && !has('metric') && !has('score'))
    return { field: 'metric', message: 'is needed beside a value' };
  if (!has('score') && !has('value') && !entry.comment && !has('expected'))
    return { field: 'score', message: 'or a metric with its value, a comment or expected is needed' };
  return undefined;
}
