import type { Labels, Telemetry } from '../../telemetry/telemetry.ts';
import type { Outcome } from './next-step.ts';

/** Counts what an upstream does. */
export interface UpstreamReport {
  readonly attempt: (outcome: Outcome) => void;
  /** A request goes on to another upstream, for this reason. */
  readonly fallback: (to: string, outcome: Outcome) => void;
  readonly breaker: (isOpen: boolean) => void;
}

/** Labels are made once, since one of them goes with every request. */
export function createUpstreamReport(upstream: string, telemetry: Telemetry): UpstreamReport {
  const labels = new Map<string, Labels>();
  const labelsOf = (outcome: string): Labels => {
    const known = labels.get(outcome);
    if (known !== undefined) return known;
    const made = { upstream, outcome };
    labels.set(outcome, made);
    return made;
  };
  return {
    attempt: (outcome) => telemetry.count('ratchet.upstream.attempts', 1, labelsOf(nameOf(outcome))),
    fallback: (to, outcome) =>
      telemetry.count('ratchet.upstream.fallbacks', 1, { from: upstream, to, reason: nameOf(outcome) }),
    breaker: (isOpen) => telemetry.gauge('ratchet.upstream.breaker', isOpen ? 1 : 0, { upstream }),
  };
}

/** A bounded set of names: one for each class of statuses, and one for each trouble. */
function nameOf(outcome: Outcome): string {
  if (outcome.kind !== 'answer') return outcome.kind;
  return outcome.status === 429 ? '429' : `${Math.floor(outcome.status / 100)}xx`;
}
