import { RatchetClientError } from './client-error.ts';
import { createFeedbackQueue } from './feedback-queue.ts';
import type { Feedback, FeedbackReceipt } from './feedback.ts';
import { systemPlatform, type Platform } from './platform.ts';
import { postFeedback } from './post-feedback.ts';
import type { Fetch } from './ratchet-fetch.ts';

/** How feedback gets to Ratchet. */
export interface RatchetSettings {
  /** Ratchet's, as clients have it, `/v1` included: `http://127.0.0.1:8787/v1`. */
  readonly baseURL: string;
  /** A key with the role `feedback` or `trusted`. Needed where Ratchet does not listen on loopback. */
  readonly apiKey?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: Fetch | undefined;
  /**
   * Told of each feedback that is given up on, once, whether or not anybody awaits it. Default: a line to
   * `console.warn`, without its content.
   */
  readonly onError?: ((error: RatchetClientError, feedback: Feedback) => void) | undefined;
  /** How long feedback may wait for more to go with it, milliseconds. Default: 100. */
  readonly delayMs?: number | undefined;
  /** Most feedbacks of one request, 1 to 1,000. Default: 1,000. */
  readonly batchMax?: number | undefined;
  /** Most feedbacks that may wait; further ones are refused with `queue_full`. Default: 10,000. */
  readonly queueMax?: number | undefined;
  /** How often a request is sent while it fails. Default: 10, which takes one to two minutes. */
  readonly attemptsMax?: number | undefined;
  /** How long one attempt may take, milliseconds. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** Sends feedback. */
export interface Ratchet {
  /**
   * Queues a feedback; resolves once Ratchet has committed it, and rejects with a `RatchetClientError` when it is given up
   * on. It need not be awaited: a rejection that nobody awaits is told to `onError` alone.
   */
  readonly feedback: (feedback: Feedback) => Promise<FeedbackReceipt>;
  /** Sends at once what waits; resolves when all of it has arrived or was given up on. Never rejects. */
  readonly flush: () => Promise<void>;
  /** The same, and takes nothing more: further feedback is refused with `closed`. */
  readonly close: () => Promise<void>;
}

/** Most feedbacks that the server takes at a time. */
const serverBatchMax = 1_000;

/**
 * Sends feedback in batches, in order, each until it has arrived: after a failure again, with growing waits and the same
 * keys, so that nothing counts twice. Throws `RangeError` for a setting outside its range, and `TypeError` for a base URL
 * that is none. `platform`: for tests.
 */
export function createRatchet(settings: RatchetSettings, platform: Platform = systemPlatform): Ratchet {
  const { baseURL, apiKey, fetch = globalThis.fetch, onError = warn } = settings;
  const { delayMs = 100, queueMax = 10_000, timeoutMs = 30_000 } = settings;
  const { batchMax = serverBatchMax, attemptsMax = 10 } = settings;
  assertWithin({ batchMax }, 1, serverBatchMax);
  assertWithin({ queueMax, attemptsMax, timeoutMs }, 1);
  assertWithin({ delayMs }, 0);
  const url = new URL(`${baseURL.replace(/\/+$/, '')}/feedback`).href;
  const queue = createFeedbackQueue(
    { delayMs, batchMax, queueMax },
    {
      post: (body) => postFeedback(body, { url, apiKey, fetch, timeoutMs }, platform),
      platform,
      attemptsMax,
    },
  );
  const nextKey = createKeys(platform);
  let isClosed = false;

  const accept = async (feedback: Feedback): Promise<FeedbackReceipt> => {
    try {
      if (isClosed) throw new RatchetClientError('closed', 'this client has been closed');
      return await queue.add(jsonOf({ ...feedback, key: feedback.key ?? nextKey() }));
    } catch (error) {
      if (error instanceof RatchetClientError) tell(onError, error, feedback);
      throw error;
    }
  };
  return {
    feedback: (feedback) => {
      const receipt = accept(feedback);
      // Whoever awaits it still sees the rejection.
      receipt.catch(() => {});
      return receipt;
    },
    flush: queue.flush,
    close: () => {
      isClosed = true;
      return queue.flush();
    },
  };
}

/** Names that no other client draws: chance, and a counter. */
function createKeys({ random }: Platform): () => string {
  let prefix: string | undefined;
  let count = 0;
  return () => {
    // With the first feedback: some places that scripts run in have no chance while they load.
    prefix ??= `${random().toString(36).slice(2)}${random().toString(36).slice(2)}`;
    count += 1;
    return `${prefix}-${count}`;
  };
}

function jsonOf(feedback: Feedback): string {
  try {
    return JSON.stringify(feedback);
  } catch (cause) {
    throw new RatchetClientError('not_json', 'this feedback cannot be written as JSON', { cause });
  }
}

function tell(
  onError: (error: RatchetClientError, feedback: Feedback) => void,
  error: RatchetClientError,
  feedback: Feedback,
): void {
  try {
    onError(error, feedback);
  } catch (thrown) {
    console.warn('ratchet: onError threw', thrown);
  }
}

function warn({ code, message }: RatchetClientError): void {
  console.warn(`ratchet: feedback was given up on: ${code}: ${message}`);
}

function assertWithin(settings: Readonly<Record<string, number>>, min: number, max: number = Infinity): void {
  for (const [name, value] of Object.entries(settings))
    if (!(value >= min && value <= max))
      throw new RangeError(`${name} has to be at least ${min} and at most ${max}: ${value}`);
}
