import type { ApiKeyLimits } from '../domain/api-key.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { KeyUse } from './key-use.ts';

/** Limits of requests, which the first one that is reached closes. */
type RequestLimit = Exclude<keyof ApiKeyLimits, 'feedbackPerMinute'>;

/** A limit that a key has reached. */
export interface ReachedLimit {
  readonly limit: keyof ApiKeyLimits;
  readonly max: number;
}

/** The first limit that leaves no room for another request; `undefined`: there is room. */
export function reachedLimit(
  limits: ApiKeyLimits,
  today: KeyUse,
  requestsThisMinute: number,
): ReachedLimit | undefined {
  const used: Readonly<Record<RequestLimit, number>> = {
    requestsPerMinute: requestsThisMinute,
    requestsPerDay: today.requests,
    tokensPerDay: today.tokens,
    usdPerDay: today.usd,
  };
  for (const limit of order) {
    const max = limits[limit];
    if (max !== null && used[limit] >= max) return { limit, max };
  }
  return undefined;
}

/** A budget of the day comes first: who has used it up need not come again in a minute. */
const order = ['usdPerDay', 'tokensPerDay', 'requestsPerDay', 'requestsPerMinute'] as const;

const words: Readonly<Record<keyof ApiKeyLimits, { readonly what: string; readonly header: string | null }>> =
  {
    requestsPerMinute: { what: 'requests of this minute', header: 'requests' },
    requestsPerDay: { what: 'requests of this day', header: 'requests' },
    tokensPerDay: { what: 'tokens of this day', header: 'tokens' },
    usdPerDay: { what: 'US dollars of this day', header: null },
    feedbackPerMinute: { what: 'values of feedback of this minute', header: null },
  };

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Waiting longer than this helps no client that waits by itself; it is told not to. Milliseconds, as OpenAI's clients do. */
const worthWaitingMs = 60_000;

/** What a client is told whose key has reached a limit, in the form of OpenAI's own limits. */
export function limitError(keyId: string, { limit, max }: ReachedLimit, nowMs: number): RatchetError {
  const { what, header } = words[limit];
  const windowMs = limit === 'requestsPerMinute' || limit === 'feedbackPerMinute' ? minuteMs : dayMs;
  const leftMs = windowMs - (nowMs % windowMs);
  const isBudget = limit === 'tokensPerDay' || limit === 'usdPerDay';
  return new RatchetError(
    isBudget ? 'budget_exhausted' : 'rate_limit_exceeded',
    `The key ${keyId} has used its ${max} ${what}; it may go on in ${durationText(leftMs)}`,
    {
      isRetryable: true,
      headers: [
        'retry-after',
        String(Math.ceil(leftMs / 1000)),
        ...(leftMs > worthWaitingMs ? ['x-should-retry', 'false'] : []),
        ...(header === null ? [] : limitHeaders(header, max, leftMs)),
      ],
    },
  );
}

function limitHeaders(of: string, max: number, leftMs: number): readonly string[] {
  return [
    `x-ratelimit-limit-${of}`,
    String(max),
    `x-ratelimit-remaining-${of}`,
    '0',
    `x-ratelimit-reset-${of}`,
    durationText(leftMs),
  ];
}

/** Such as `6h0m20s`, as OpenAI writes it: whole seconds, rounded up. */
function durationText(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ''}${seconds >= 60 ? `${minutes}m` : ''}${seconds % 60}s`;
}
