import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentHash } from '../domain/content-hash.ts';
import type { Feedback, FeedbackReceipt } from '../domain/feedback.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { Caller, Callers } from './caller.ts';
import { within } from './deadline.ts';
import { findTarget, type KnownTarget, type TargetDeps } from './feedback-target.ts';
import { checkValue } from './feedback-value.ts';
import { invalidField, parseFeedback, type FeedbackEntry, type FeedbackForm } from './feedback.schema.ts';
import { sendError, sendJson } from './openai-error.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import { readBody } from './read-body.ts';

/** Longest body, bytes. */
const feedbackBytesMax = 4 * 1024 * 1024;

/** How long the store may take to commit, milliseconds; then the caller shall try again. */
const commitMsMax = 10_000;

/** What a caller shall wait before trying again, seconds. */
const retryAfterSeconds = 1;

/** What receiving feedback works with. */
export interface FeedbackServing extends TargetDeps {
  readonly deps: Pick<ProxyDeps, 'clock' | 'store' | 'telemetry'>;
  readonly callers: Callers;
}

/**
 * Receives feedback, one or a list, all or nothing. Answered only when it is committed: 200, or 202 where all of it
 * waits for its decision. Its errors are answered too; nothing is thrown.
 */
export async function serveFeedback(
  serving: FeedbackServing,
  form: FeedbackForm,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const caller = serving.callers.feedback(incoming.headers);
    const body = await readBody(incoming, feedbackBytesMax);
    if (body.kind === 'gone') return;
    if (body.kind === 'large')
      throw new RatchetError('payload_too_large', `feedback has at most ${feedbackBytesMax} bytes`);
    const json = parseJson(body.bytes);
    const entries = parseFeedback(json, form);
    serving.callers.admitFeedback(caller, entries.length);
    const nowMs = serving.deps.clock.now();
    const checked = entries.map((entry, index) =>
      check(serving, entry, { caller, nowMs, index: Array.isArray(json) ? index : undefined }),
    );
    const receipts = await commit(
      serving,
      checked.map(({ feedback }) => feedback),
    );
    report(serving, checked, receipts);
    const results = receipts.map(({ feedbackId, outcome }) => ({ feedback_id: feedbackId, outcome }));
    const isPending = receipts.every(({ outcome }) => outcome === 'pending');
    sendJson(outgoing, isPending ? 202 : 200, Array.isArray(json) ? { results } : (results[0] ?? {}));
  } catch (error) {
    const isRetryable = error instanceof RatchetError && error.code === 'store_unavailable';
    sendError(outgoing, error, isRetryable ? ['retry-after', String(retryAfterSeconds)] : []);
  }
}

interface Checked {
  readonly feedback: Feedback;
  readonly known: KnownTarget;
}

interface Circumstances {
  readonly caller: Caller;
  readonly nowMs: number;
  readonly index: number | undefined;
}

function check(serving: FeedbackServing, entry: FeedbackEntry, circumstances: Circumstances): Checked {
  const { caller, nowMs, index } = circumstances;
  const known = findTarget(serving, entry, circumstances);
  const value = checkedValue(entry, known, index);
  const isTrusted = serving.isLoopback || caller.roles.includes('trusted');
  const expected = isTrusted ? entry.expected : null;
  if (value === null && entry.comment === null && expected === null)
    throw new RatchetError('forbidden', 'ground truth is taken only from a key with the role trusted', {
      param: index === undefined ? 'expected' : `[${index}].expected`,
    });
  const { target, scope } = known;
  const named = target.kind === 'name' ? target.name : target.ref.decisionId;
  return {
    known,
    feedback: {
      target,
      body: { metric: entry.metric, value, comment: entry.comment, expected },
      key: entry.key ?? contentHash(named, entry.metric ?? '', caller.scope),
      source: caller.scope,
      scope,
      tags: entry.tags,
      atMs: nowMs,
    },
  };
}

function checkedValue(
  { metric, value, fieldNames }: FeedbackEntry,
  { config }: KnownTarget,
  index: number | undefined,
): number | null {
  if (metric === null || value === null) return null;
  const checked = checkValue(value, metric, config);
  if (checked.kind === 'wrong') throw invalidField(checked.message, fieldNames.value, index);
  return checked.value;
}

async function commit(
  { deps }: FeedbackServing,
  batch: readonly Feedback[],
): Promise<readonly FeedbackReceipt[]> {
  try {
    const receipts = await within(deps.store.recordFeedback(batch), commitMsMax);
    if (receipts === 'late') throw unavailable();
    return receipts;
  } catch (error) {
    // Whatever a store fails with, nothing was acknowledged, and sending again is safe.
    throw error instanceof RatchetError ? error : unavailable(error);
  }
}

function unavailable(cause?: unknown): RatchetError {
  return new RatchetError('store_unavailable', 'feedback cannot be stored now; send it again', {
    isRetryable: true,
    cause,
  });
}

function report(
  { deps }: FeedbackServing,
  checked: readonly Checked[],
  receipts: readonly FeedbackReceipt[],
): void {
  for (const [index, { feedback, known }] of checked.entries()) {
    const outcome = receipts[index]?.outcome ?? 'noted';
    deps.telemetry.count('ratchet.feedback', 1, { outcome });
    const { target, body } = feedback;
    if (body.metric === null || outcome === 'duplicate') continue;
    deps.telemetry.evaluation({
      metric: body.metric,
      value: body.value,
      comment: body.comment,
      responseId: target.kind === 'name' ? target.name : null,
      decisionId: known.decisionId,
      taskName: known.taskName,
      traceId: known.traceId,
    });
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new RatchetError('invalid_json', 'the body is not JSON');
  }
}
