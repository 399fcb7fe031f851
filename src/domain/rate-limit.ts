/** How near an upstream is to its rate limit for one model, as it says in the headers of an answer. */
export interface RateLimit {
  /** Share of the limit that is left, [0, 1]; of requests or tokens, whichever is nearer to its end. */
  readonly leftShare: number;
  /** When that limit is whole again, milliseconds. */
  readonly resetsAtMs: number;
}

/** Kinds of limits that OpenAI-compatible services tell of, in `x-ratelimit-remaining-…` and its like. */
const kinds = ['requests', 'tokens'] as const;

/** When a limit counts as whole again that does not say when, milliseconds. */
const resetMsUnsaid = 60_000;

/**
 * Reads `x-ratelimit-limit-…`, `-remaining-…` and `-reset-…` for requests and tokens; `null` where they are missing or
 * cannot be read. `headerOf` gives a header by its name in lower case. A reset is a duration such as `1s`, `6m0s` or
 * `20ms`, or a number of seconds.
 */
export function readRateLimit(
  headerOf: (name: string) => string | null | undefined,
  nowMs: number,
): RateLimit | null {
  let nearest: RateLimit | null = null;
  for (const kind of kinds) {
    const left = countOf(headerOf(`x-ratelimit-remaining-${kind}`));
    const limit = countOf(headerOf(`x-ratelimit-limit-${kind}`));
    if (left === null || (limit === null && left > 0)) continue;
    const leftShare = limit === null || limit === 0 ? 0 : Math.min(1, left / limit);
    if (nearest !== null && nearest.leftShare <= leftShare) continue;
    const resetMs = durationMsOf(headerOf(`x-ratelimit-reset-${kind}`)) ?? resetMsUnsaid;
    nearest = { leftShare, resetsAtMs: nowMs + resetMs };
  }
  return nearest;
}

function countOf(text: string | null | undefined): number | null {
  return typeof text === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMsOf(text: string | null | undefined): number | null {
  const seconds = countOf(text);
  if (seconds !== null) return seconds * 1000;
  const written = text?.trim() ?? '';
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(written)) return null;
  return [...written.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0),
    0,
  );
}
