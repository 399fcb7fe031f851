import type { DecisionDetail } from '../../api/decision.schema.ts';

/** What happened to one request, as it was recorded. Times are milliseconds since the request came. */
export interface Trace {
  /** While the client waited. */
  readonly request: readonly TraceStep[];
  readonly requestMs: number;
  /** Afterwards: feedback, and answers of variants off the user's path, oldest first. */
  readonly later: readonly LaterEvent[];
  /** How many of what came later are not told. */
  readonly laterOmitted: number;
}

export interface TraceStep {
  readonly name: 'choice' | 'waiting' | 'answer' | 'no-answer';
  readonly startMs: number;
  readonly endMs: number;
}

export interface LaterEvent {
  readonly kind: 'feedback' | 'shadow';
  readonly atMs: number;
  /** Metric of the feedback, or id of the variant. */
  readonly subject: string | null;
  /** Value of the feedback, or how long the answer took, milliseconds. */
  readonly value: number | null;
}

/** Events that are told, the first ones. */
const laterMax = 24;

/** The steps of a decision in order. */
export function traceOf(decision: DecisionDetail): Trace {
  const { latencyMs, firstByteMs, status, atMs, feedback, shadowRuns } = decision;
  const firstMs = firstByteMs === null ? latencyMs : Math.min(firstByteMs, latencyMs);
  const later = [
    ...feedback.map((one) => ({
      kind: 'feedback' as const,
      atMs: one.atMs - atMs,
      subject: one.metric,
      value: one.value,
    })),
    ...shadowRuns.map((run) => ({
      kind: 'shadow' as const,
      atMs: run.atMs - atMs,
      subject: run.variantId,
      value: run.latencyMs,
    })),
  ].toSorted((one, other) => one.atMs - other.atMs);
  return {
    requestMs: latencyMs,
    request: [
      { name: 'choice', startMs: 0, endMs: 0 },
      status === 0
        ? { name: 'no-answer', startMs: 0, endMs: latencyMs }
        : { name: 'waiting', startMs: 0, endMs: firstMs },
      ...(status === 0 || firstByteMs === null
        ? []
        : [{ name: 'answer' as const, startMs: firstMs, endMs: latencyMs }]),
    ],
    later: later.slice(0, laterMax),
    laterOmitted: Math.max(0, later.length - laterMax),
  };
}

/** Place of a moment on a logarithmic axis that reaches to `endMs`, from 0 to 1; nothing is told apart below 10 ms. */
export function laterPlace(atMs: number, endMs: number): number {
  const start = 10;
  if (endMs <= start) return 0;
  return Math.min(1, Math.max(0, Math.log(Math.max(start, atMs) / start) / Math.log(endMs / start)));
}

const roundTimes = [100, 1000, 10_000, 60_000, 600_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000];

/** Where that axis ends: the first round time after everything. */
export function laterEnd(later: readonly LaterEvent[]): number {
  const last = Math.max(0, ...later.map(({ atMs }) => atMs));
  return roundTimes.find((time) => time >= last) ?? last;
}

/** Round times on that axis that keep their distance from one another. */
export function laterTicks(endMs: number): readonly number[] {
  const all = roundTimes.filter((time) => time <= endMs);
  return all.filter((_, index) => all.length <= 5 || (all.length - 1 - index) % 2 === 0);
}
