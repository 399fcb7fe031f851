import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { Outcome } from './next-step.ts';

/** Counts what an upstream does. */
export interface UpstreamReport {
  readonly attempt: (outcome: Outcome) => void;
  /** A request goes on to another upstream, for this reason. */
  readonly fallback: (to: string, outcome: Outcome) => void;
  readonly breaker: (isOpen: boolean) => void;
  /** Reports what has been counted. */
  readonly flush: () => void;
}

/** How long attempts are counted before they are reported together, milliseconds. */
const flushMs = 1_000;

const classes = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** Attempts are reported in sums, since one of them goes with every request and reporting costs more than counting. */
export function createUpstreamReport(upstream: string, telemetry: Telemetry): UpstreamReport {
  const counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const [outcome, count] of counts)
      telemetry.count('ratchet.upstream.attempts', count, { upstream, outcome });
    counts.clear();
  };
  return {
    attempt: (outcome) => {
      const name = nameOf(outcome);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      timer ??= setTimeout(flush, flushMs).unref();
    },
    fallback: (to, outcome) =>
      telemetry.count('ratchet.upstream.fallbacks', 1, { from: upstream, to, reason: nameOf(outcome) }),
    breaker: (isOpen) => telemetry.gauge('ratchet.upstream.breaker', isOpen ? 1 : 0, { upstream }),
    flush,
  };
}

/** A bounded set of names: one for each class of statuses, and one for each trouble. */
function nameOf(outcome: Outcome): string {
  if (outcome.kind !== 'answer') return outcome.kind;
  if (outcome.status === 429) return '429';
  return classes[Math.floor(outcome.status / 100)] ?? 'other';
}
