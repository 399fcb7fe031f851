import type { Config } from '../configuration/config.ts';
import { createConsole, type ConsoleDeps } from '../console/console.ts';
import { readPackage } from '../runtime/node-version.ts';
import type { DecisionLog } from '../store/decision-log.ts';
import { learningState } from './announce.ts';
import { gateViews } from './gate-views.ts';

/** The control plane, whose streams end when they are told to. */
export interface ControlPlane {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Ends what would go on for as long as its clients like. */
  readonly endStreams: () => void;
}

/** What it works with. */
export interface ControlPlaneDeps extends Pick<
  ConsoleDeps,
  'store' | 'clock' | 'logger' | 'metricsText' | 'probes'
> {
  readonly decisionLog: Pick<DecisionLog, 'flush'>;
}

/** Composes the console with what the configuration and the gate say. */
export function createControlPlane(config: Config, { decisionLog, ...deps }: ControlPlaneDeps): ControlPlane {
  const stopping = new AbortController();
  const console = createConsole({
    ...deps,
    adminTokens: config.adminTokens,
    version: readPackage().version,
    learning: learningState(config),
    gate: gateViews,
    flushDecisions: decisionLog.flush,
    stopping: stopping.signal,
  });
  return { fetch: (request) => console.fetch(request), endStreams: () => stopping.abort() };
}
