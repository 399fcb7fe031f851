import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { startProcess } from '../child-process.ts';
import { cores, type Tools } from '../machine.ts';
import type { Contender } from './contender.ts';

/** How a Ratchet is to run. */
export interface RatchetSettings {
  readonly name: string;
  /** Folder with a database to start from; it is copied. `undefined`: none. */
  readonly seed: string | undefined;
  /** Where the database is kept and stays; default: a folder that goes with the server. */
  readonly folder?: string;
  readonly record: 'metadata' | 'full';
  /** Collector of traces, and the share of requests that are traced, [0, 1]. */
  readonly traces: { readonly url: string; readonly share: number } | undefined;
  /** Whether learner and gate run without a pause between their cycles. */
  readonly isBusy?: boolean;
  /** Default: yes. */
  readonly isLearning?: boolean;
  /** Folder of another checkout to run; default: this one. */
  readonly checkout?: string | undefined;
  /** Folder for CPU profiles. */
  readonly profile?: string | undefined;
}

/** A Ratchet, and where its database is. */
export interface RatchetContender extends Contender {
  readonly databasePath: string;
  /** Its metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

/** The secret of every Ratchet in the bench, so that credentials of a seed have the same scope later. */
const benchSecret = 'a-secret-for-measurements-only';

const thisCheckout = fileURLToPath(new URL('../../..', import.meta.url));
const busyCommand = [fileURLToPath(new URL('./busy-ratchet.process.ts', import.meta.url))];

/** Name of the database in a folder. */
export const databaseName = 'ratchet.db';

/** Starts `ratchet serve` as users do, with a copy of a seed, and waits until it knows its plans. */
export async function startRatchet(
  settings: RatchetSettings,
  upstreamPort: number,
  { taskset }: Tools,
): Promise<RatchetContender> {
  const folder = settings.folder ?? mkdtempSync(join(tmpdir(), 'ratchet-bench-'));
  if (settings.seed !== undefined) cpSync(settings.seed, folder, { recursive: true });
  const databasePath = join(folder, databaseName);
  const { name, record, traces, isBusy = false, isLearning = true, checkout = thisCheckout } = settings;
  const command = isBusy ? busyCommand : [join(checkout, 'src/cli/ratchet.ts'), 'serve'];
  const running = await startProcess({
    command: process.execPath,
    parameters: [...profiling(settings.profile), ...command],
    folder,
    environment: {
      RATCHET_PORT: '0',
      RATCHET_UPSTREAM: `http://127.0.0.1:${upstreamPort}/v1`,
      RATCHET_DATABASE: `sqlite:${databasePath}`,
      RATCHET_SECRET: benchSecret,
      RATCHET_RECORD: record,
      ...(isLearning ? { RATCHET_LEARNING_KEY: 'a-key-for-learning' } : {}),
      ...(traces === undefined ? {} : telemetryEnvironment(traces)),
    },
    pin: taskset === undefined ? undefined : { taskset, core: cores.proxy },
    ready: { announcement: listeningUrl },
  });
  const { announced: url } = running;
  await untilReady(url);
  return {
    name,
    port: Number(new URL(url).port),
    root: '/v1',
    addedHeaders: {},
    pid: running.pid,
    databasePath,
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    stop: async () => {
      await running.stop();
      if (settings.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function telemetryEnvironment({
  url,
  share,
}: {
  readonly url: string;
  readonly share: number;
}): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: String(share),
  };
}

function profiling(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

/** The address in Ratchet's own log line. */
function listeningUrl(line: string): string | undefined {
  return line.includes('"event":"listening"') ? /"url":"([^"]+)"/.exec(line)?.[1] : undefined;
}

const readyMsMax = 120_000;

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + readyMsMax;
  while (!(await fetch(`${url}/readyz`)).ok) {
    if (performance.now() > deadline) throw new Error('Ratchet did not become ready');
    await delay(50);
  }
}
