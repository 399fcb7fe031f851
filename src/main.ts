import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { announce } from './composition/announce.ts';
import { createControlPlane } from './composition/control-plane.ts';
import { createDataPlane } from './composition/data-plane.ts';
import { listen, type FetchHandler, type UpgradeHandler } from './composition/http-server.ts';
import { startLearning } from './composition/learning.ts';
import { openRelay } from './composition/open-relay.ts';
import { openStore } from './composition/open-store.ts';
import { readyProbes } from './composition/probes.ts';
import { createPlanReporter, recordRewards } from './composition/report-serving.ts';
import { startStateReport } from './composition/report-state.ts';
import { saveKeyLimits } from './composition/save-key-limits.ts';
import { startStoreThread, type StoreThread } from './composition/store-thread.ts';
import type { Config } from './configuration/config.ts';
import type { Logger } from './domain/logger.ts';
import { defaultPrice } from './domain/price.ts';
import { defaultTaskConfig, type TaskConfig } from './domain/task.ts';
import { createKeyLimits } from './proxy/key-limits.ts';
import { createLogger } from './runtime/logger.ts';
import { readPackage } from './runtime/node-version.ts';
import { startProcessClock, type SteadyClock } from './runtime/steady-clock.ts';
import { createSystemRandom } from './runtime/system-random.ts';
import { createDecisionLog, type StoppableDecisionLog } from './store/cached/decision-log.ts';
import { createSnapshotCache } from './store/cached/snapshot-cache.ts';
import { createLiveBuffer } from './store/live/live-buffer.ts';
import type { Store } from './store/store.ts';
import { startTelemetry, type RunningTelemetry } from './telemetry/otel.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** A server that serves. */
export interface RunningServer {
  /** Base address, such as `http://127.0.0.1:8787`; OpenAI clients use it with `/v1`. */
  readonly url: string;
  /** Finishes what is under way, stores what was decided, and stops; takes at most the drain timeout and 13 s. */
  readonly close: () => Promise<void>;
}

/** What tests and demonstrations set otherwise. */
export interface ServerOverrides {
  /** Read for `OTEL_*`; default: nothing is set. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly logger?: Logger;
  /** Pauses between two cycles of learner and gate and between two sweeps, milliseconds; 15,000, 5,000 and 60,000. */
  readonly learnerMs?: number;
  readonly gateMs?: number;
  readonly sweepMs?: number;
}

/** How long the start waits for the database before it serves without, milliseconds. */
const openMsMax = 5_000;

/** Decisions that may wait for the store, how many are written at a time, and how long they wait for company. */
const decisionLogSettings = { capacity: 20_000, batchMax: 500, intervalMs: 100 };

/** Deadlines of the stop after requests have ended, milliseconds; with 5,000 for decisions that wait. */
const recordMs = 50;
const threadMsMax = 3_000;
const telemetryMsMax = 3_000;

/**
 * Composes and starts everything: store thread, proxy, console, and the learning thread where there is a key for it. A
 * database that cannot be opened is tried again and again; until then requests pass through as they came. Rejects with
 * `invalid_configuration` where the address cannot be listened on.
 */
export async function startServer(config: Config, overrides: ServerOverrides = {}): Promise<RunningServer> {
  const logger = overrides.logger ?? createLogger(config.logLevel);
  announce(config, logger);
  const telemetry = await startTelemetry({
    environment: overrides.environment ?? {},
    version: readPackage().version,
    upstream: config.upstream,
    isContentCaptured: config.isContentCaptured,
    logger,
  });
  const parts = compose(config, { logger, telemetry, overrides });
  await Promise.race([parts.opened, delay(openMsMax, undefined, { ref: false })]);
  try {
    const server = await listen(parts, config);
    logger.info('listening', {
      url: server.url,
      console: `${server.url}/console`,
      upstream: config.upstream,
    });
    const close = async (): Promise<void> => {
      parts.endStreams();
      const learningStopped = parts.stopLearning();
      const { drainTimeoutMs } = config;
      if (!(await server.drain(drainTimeoutMs))) logger.warn('requests-cut-off', { afterMs: drainTimeoutMs });
      await learningStopped;
      await parts.stop();
    };
    let closing: Promise<void> | undefined;
    return { url: server.url, close: () => (closing ??= close()) };
  } catch (error) {
    await parts.stopLearning();
    await parts.stop();
    throw error;
  }
}

interface Surroundings {
  readonly logger: Logger;
  readonly telemetry: RunningTelemetry;
  readonly overrides: ServerOverrides;
}

interface Parts {
  readonly fetch: FetchHandler;
  readonly upgrade: UpgradeHandler;
  /** Resolves when the database is open and the newest plans are known. */
  readonly opened: Promise<void>;
  /** Ends what would go on for as long as its clients like. */
  readonly endStreams: () => void;
  readonly stopLearning: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

function compose(config: Config, { logger, telemetry: running, overrides }: Surroundings): Parts {
  const configOf = (name: string): TaskConfig => config.tasks[name] ?? defaultTaskConfig;
  const telemetry = recordRewards(running.telemetry, configOf);
  const clock = startProcessClock(logger);
  const thread = openStoreThread(config, { logger, telemetry, overrides, clock });
  const { store } = thread;
  const snapshots = createSnapshotCache(store, { onChange: createPlanReporter(telemetry, logger) });
  thread.onNews((news) => {
    if (news === 'changed') snapshots.notice();
    else snapshots.relyOnNotices(news === 'listening');
  });
  const decisionLog = openDecisionLog(store, telemetry, logger);
  const random = createSystemRandom();
  const live = createLiveBuffer(clock);
  const relay = openRelay(config, { random, clock, telemetry, onLimit: (met) => learning.noticeLimit(met) });
  const keyLimits = createKeyLimits({ keys: config.keys, clock, telemetry });
  const plane = createDataPlane({
    ...config,
    relay,
    keyLimits,
    store,
    decisionLog,
    liveRequests: live,
    telemetry,
    snapshots,
    configOf,
    logger,
    random,
    clock,
    priceOf: (model) => config.prices[model] ?? defaultPrice,
  });
  const opening = openStore(config, { thread, snapshots, plane, logger, configOf });
  const saving = saveKeyLimits(keyLimits, { store, opened: opening.opened, logger });
  const pauses = { learnerMs: overrides.learnerMs ?? 15_000, gateMs: overrides.gateMs ?? 5_000 };
  const learning = startLearning(workerEntry('learning'), config, {
    store: thread,
    telemetry,
    logger,
    live,
    pauses,
    opened: opening.opened,
    clockOffset: clock.offset,
  });
  const probes = readyProbes(config, { thread, opening, decisionLog, learning });
  const reporting = startStateReport({ decisionLog, probes, telemetry, logger });
  const { metricsText } = running;
  const control = createControlPlane(config, { store, clock, logger, metricsText, probes, decisionLog });
  return {
    fetch: (request, bindings) =>
      /^\/(v1\/|feedback($|\?))/.test(bindings.incoming.url ?? '')
        ? plane.fetch(request, bindings)
        : control.fetch(request),
    upgrade: plane.upgrade,
    opened: saving.known,
    endStreams: control.endStreams,
    stopLearning: () => learning.stop(threadMsMax),
    stop: async () => {
      // Decisions are recorded shortly after the last byte of their response.
      await delay(recordMs);
      const stops = [opening.stop(), reporting.stop(), decisionLog.stop(), saving.stop(), relay.close()];
      await Promise.all(stops);
      snapshots.stop();
      await thread.stop(threadMsMax);
      clock.stop();
      await running.shutdown(telemetryMsMax);
    },
  };
}

function openDecisionLog(store: Store, telemetry: Telemetry, logger: Logger): StoppableDecisionLog {
  return createDecisionLog(store, {
    ...decisionLogSettings,
    onDrop: (count, reason) => {
      telemetry.count('ratchet.decisions.dropped', count, { reason });
      logger.warn('decisions-dropped', { reason });
    },
  });
}

interface StoreThreadSurroundings extends Pick<Surroundings, 'logger' | 'overrides'> {
  readonly telemetry: Telemetry;
  readonly clock: SteadyClock;
}

function openStoreThread(
  config: Config,
  { logger, telemetry, overrides, clock }: StoreThreadSurroundings,
): StoreThread {
  const { database, retentionMs, logLevel } = config;
  return startStoreThread(
    workerEntry('store'),
    { database, retentionMs, logLevel, sweepMs: overrides.sweepMs ?? 60_000, clockOffset: clock.offset },
    {
      logger,
      onSwept: ({ feedbackExpired }) => {
        if (feedbackExpired > 0) telemetry.count('ratchet.feedback.unmatched', feedbackExpired);
      },
    },
  );
}

/** A thread's file beside this one, as source or compiled, whichever this one is. */
function workerEntry(name: 'store' | 'learning'): URL {
  return new URL(`./${name}.worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
}
