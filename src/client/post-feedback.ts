import { RatchetClientError } from './client-error.ts';
import type { FeedbackOutcome, FeedbackReceipt } from './feedback.ts';
import { isRecord } from './is-record.ts';
import type { Platform } from './platform.ts';
import type { Fetch } from './ratchet-fetch.ts';
import { retryHintMs } from './retry-delay.ts';

/** What became of one attempt to send a batch. */
export type PostOutcome =
  /** All of it is committed; one receipt for each feedback, in order. */
  | { readonly kind: 'taken'; readonly receipts: readonly FeedbackReceipt[] }
  /** None of it was taken. `index`: whose fault it was; `null`: not that of one feedback. */
  | { readonly kind: 'refused'; readonly error: RatchetClientError; readonly index: number | null }
  /** Sending it again may help. `hintMs`: how long the server asked to wait, milliseconds. */
  | { readonly kind: 'failed'; readonly error: RatchetClientError; readonly hintMs: number | null };

/** Where feedback goes. */
export interface PostSettings {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly fetch: Fetch;
  /** How long one attempt may take, milliseconds. */
  readonly timeoutMs: number;
}

const outcomes: readonly string[] = [
  'counted',
  'replaced',
  'duplicate',
  'pending',
  'noted',
] satisfies FeedbackOutcome[];

/** Statuses below 500 that say nothing about the feedback itself. */
const passingStatuses = [408, 425, 429];

/** Sends the JSON of a list of feedbacks, once. Whatever happens is given back; nothing is thrown. */
export async function postFeedback(
  body: string,
  { url, apiKey, fetch, timeoutMs }: PostSettings,
  platform: Platform,
): Promise<PostOutcome> {
  const aborter = new AbortController();
  const cancelTimer = platform.schedule(() => aborter.abort(), timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body,
      signal: aborter.signal,
    });
    return outcomeOf(response, await response.text(), platform.now());
  } catch (cause) {
    const [code, message] = aborter.signal.aborted
      ? (['timed_out', `no answer within ${timeoutMs} ms`] as const)
      : (['connection_failed', `${url} could not be reached`] as const);
    return {
      kind: 'failed',
      error: new RatchetClientError(code, message, { isRetryable: true, cause }),
      hintMs: null,
    };
  } finally {
    cancelTimer();
  }
}

function outcomeOf(response: Response, text: string, nowMs: number): PostOutcome {
  const { status, ok, headers } = response;
  const json = parse(text);
  if (ok) {
    const receipts = receiptsOf(json);
    if (receipts !== undefined) return { kind: 'taken', receipts };
    const message = `status ${status}, yet not an answer of Ratchet: is the base URL right?`;
    return {
      kind: 'refused',
      error: new RatchetClientError('unexpected_answer', message, { status }),
      index: null,
    };
  }
  const fault = faultOf(json);
  const isRetryable = status >= 500 || passingStatuses.includes(status);
  const error = new RatchetClientError(
    fault?.code ?? 'unexpected_answer',
    fault?.message ?? `status ${status}, without an error of Ratchet's`,
    { status, param: fault?.param ?? null, isRetryable },
  );
  return isRetryable
    ? { kind: 'failed', error, hintMs: retryHintMs(headers.get('retry-after'), nowMs) }
    : { kind: 'refused', error, index: fault?.index ?? null };
}

function receiptsOf(json: unknown): readonly FeedbackReceipt[] | undefined {
  if (!isRecord(json) || !Array.isArray(json['results'])) return undefined;
  const results: readonly unknown[] = json['results'];
  const receipts = results.map((result) => {
    if (!isRecord(result)) return undefined;
    const { feedback_id: feedbackId, outcome } = result;
    return typeof feedbackId === 'string' && isOutcome(outcome) ? { feedbackId, outcome } : undefined;
  });
  return receipts.every((receipt) => receipt !== undefined) ? receipts : undefined;
}

function isOutcome(value: unknown): value is FeedbackOutcome {
  return typeof value === 'string' && outcomes.includes(value);
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  readonly index: number | null;
}

/** An error in OpenAI's shape. Its `param` and message begin with the place in the list, such as `[3].value`. */
function faultOf(json: unknown): Fault | undefined {
  if (!isRecord(json) || !isRecord(json['error'])) return undefined;
  const { code, message, param } = json['error'];
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  const [place = '', digits] = (typeof param === 'string' ? /^\[(\d+)\]\.?/.exec(param) : null) ?? [];
  return {
    code,
    message: message.startsWith(place) ? message.slice(place.length) : message,
    param: typeof param === 'string' ? param.slice(place.length) || null : null,
    index: digits === undefined ? null : Number(digits),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
