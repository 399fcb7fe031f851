import type { Alarm } from '../domain/gate-state.ts';
import { primaryLedger } from '../domain/histogram.ts';
import type { TaskConfig } from '../domain/task.ts';
import { discoveredSlack, guardMetrics } from './guard-streams.ts';
import { guardrailsOf, measureOf } from './guardrails.ts';
import { canPromote, needsGroundTruth } from './pair-differences.ts';

/** What a burst has to compare to settle an alarm. */
export interface AlarmTarget {
  /** Ledger of a pair whose differences count. */
  readonly ledger: string;
  /** Only requests of this segment; `null`: all. */
  readonly segment: string | null;
  /** Loss that the gate tolerates, in the ledger's units, [0, 1): one that was accepted is no harm. */
  readonly tolerance: number;
  /** Whether replays can tell; a metric that only users report is compared on live traffic. */
  readonly isReplayable: boolean;
  readonly needsTruth: boolean;
}

/** The target of an alarm on the reward, on a segment, or on a guardrail metric. */
export function targetOf({ guard }: Pick<Alarm, 'guard'>, config: TaskConfig): AlarmTarget {
  const onScore = {
    ledger: primaryLedger,
    isReplayable: canPromote(config),
    needsTruth: needsGroundTruth(config),
  };
  if (guard === undefined) return { ...onScore, segment: null, tolerance: 0 };
  const [kind = '', ...rest] = guard.split(':');
  const name = rest.join(':');
  if (kind === 'segment') {
    const tolerance = config.gate.slices?.[name]?.margin ?? discoveredSlack;
    return { ...onScore, segment: name, tolerance };
  }
  const known = guardrailsOf(config).find((guardrail) => guardrail.name === name);
  const declared = guardMetrics(config).find(([metric]) => metric === name)?.[1];
  return {
    ledger: name,
    segment: null,
    tolerance: known?.margin ?? declared?.guardrail?.margin ?? config.gate.margin,
    isReplayable: measureOf(name) !== undefined,
    needsTruth: false,
  };
}
