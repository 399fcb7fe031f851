import { checkReadiness, type ReadyProbe } from '../console/readiness.ts';
import type { Logger } from '../domain/logger.ts';
import { startLoop, type Loop } from '../runtime/loop.ts';
import type { DecisionLog } from '../store/decision-log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What is reported, and where to. */
export interface ReportedState {
  readonly decisionLog: Pick<DecisionLog, 'depth'>;
  readonly probes: readonly ReadyProbe[];
  readonly telemetry: Pick<Telemetry, 'gauge'>;
  readonly logger: Logger;
}

/** Pause between two reports, milliseconds. */
const reportMs = 5_000;

/**
 * Reports as gauges what would otherwise have to be asked for: how many decisions wait, and each check of `/readyz`, 1
 * where it holds and 0 where it does not.
 */
export function startStateReport(state: ReportedState): Loop {
  return startLoop(async () => reportState(state), {
    name: 'report',
    intervalMs: reportMs,
    backoffMsMax: reportMs,
    logger: state.logger,
  });
}

/** One report. */
export async function reportState({
  decisionLog,
  probes,
  telemetry,
}: Omit<ReportedState, 'logger'>): Promise<void> {
  telemetry.gauge('ratchet.queue.depth', decisionLog.depth());
  for (const { name, isOk } of await checkReadiness(probes))
    telemetry.gauge('ratchet.ready', isOk ? 1 : 0, { check: name });
}
