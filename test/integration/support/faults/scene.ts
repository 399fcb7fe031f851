import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess, type ServerProcess } from '../server-process.ts';
import { startEchoUpstream, type EchoUpstream } from './echo-upstream.ts';
import { startTraffic, type Traffic, type TrafficSettings } from './traffic.ts';

export type Fault = 'die' | 'hang' | 'hoard';

/** A folder, an upstream and a real server between them, in whose threads faults can be caused. */
export interface Scene {
  readonly folder: string;
  readonly databasePath: string;
  readonly upstream: EchoUpstream;
  /** The server of the moment. */
  readonly server: ServerProcess;
  readonly startTraffic: (settings?: Partial<TrafficSettings>) => Traffic;
  readonly inflict: (thread: 'store' | 'learning', fault: Fault) => void;
  readonly lift: (thread: 'store' | 'learning', fault: Fault) => void;
  /** Sets the wall clock of the server off by so much, milliseconds. */
  readonly setClockOff: (offsetMs: number) => void;
  readonly readiness: () => Promise<Readiness>;
  /** Value of a metric, summed over its labels; 0 where there is none. */
  readonly metric: (name: string) => Promise<number>;
  /** Memory of the server's process, bytes. */
  readonly memoryBytes: () => number;
  /** Stops the server as an operator would; resolves to its exit code and how long it took. */
  readonly stop: () => Promise<{ readonly code: number | null; readonly tookMs: number }>;
  /** Starts a server anew, after the one before was stopped or is killed now. */
  readonly restart: () => Promise<void>;
  /** Kills what still runs and removes the folder. */
  readonly end: () => Promise<void>;
}

export interface Readiness {
  readonly status: number;
  readonly checks: Readonly<Record<string, { readonly isOk: boolean; readonly detail: string }>>;
}

export interface SceneSettings {
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the database lies; default: in the scene's folder. */
  readonly databaseFolder?: string;
  /** Whom the server runs as; default: as this process. */
  readonly uid?: number | undefined;
  /** Prepares the folder before the server starts. */
  readonly prepare?: (folder: string) => Promise<void> | void;
  /** Faults that are there from the start. */
  readonly faults?: readonly `${'store' | 'learning'}.${Fault}`[];
}

/** Builds a scene; the database lies in its folder unless told otherwise. */
export async function setScene(settings: SceneSettings = {}): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-faults-'));
  const faults = join(folder, 'faults');
  mkdirSync(faults);
  chmodSync(folder, 0o755);
  const databasePath = join(settings.databaseFolder ?? folder, 'ratchet.db');
  const upstream = await startEchoUpstream();
  const inflict: Scene['inflict'] = (thread, fault) => writeFileSync(join(faults, `${thread}.${fault}`), '');
  for (const fault of settings.faults ?? []) writeFileSync(join(faults, fault), '');
  await settings.prepare?.(folder);
  const start = (): Promise<ServerProcess> =>
    startServerProcess(
      {
        RATCHET_UPSTREAM: upstream.url,
        RATCHET_DATABASE: `sqlite:${databasePath}`,
        NODE_OPTIONS: `--import=${new URL('hook.ts', import.meta.url).href}`,
        FAULT_FOLDER: faults,
        ...settings.environment,
      },
      settings.uid === undefined ? {} : { uid: settings.uid },
    );
  let server = await start();
  const bare = await startBareProxy(upstream.url);
  const traffics: Traffic[] = [];
  return {
    folder,
    databasePath,
    upstream,
    get server() {
      return server;
    },
    startTraffic: (given = {}) => {
      const traffic = startTraffic({ url: server.url, bareUrl: bare.url, ...given });
      traffics.push(traffic);
      return traffic;
    },
    inflict,
    lift: (thread, fault) => rmSync(join(faults, `${thread}.${fault}`), { force: true }),
    setClockOff: (offsetMs) => {
      // Renamed into place, so that no thread reads half of it.
      writeFileSync(join(folder, 'clock'), String(offsetMs));
      renameSync(join(folder, 'clock'), join(faults, 'clock'));
    },
    readiness: () => readReadiness(server.url),
    metric: (name) => readMetric(server.url, name),
    memoryBytes: () => {
      const [, pages] = readFileSync(`/proc/${server.pid}/statm`, 'utf8').split(' ');
      return Number(pages) * 4096;
    },
    stop: async () => {
      const startedAt = performance.now();
      server.kill('SIGTERM');
      const code = await server.exited;
      return { code, tookMs: performance.now() - startedAt };
    },
    restart: async () => {
      server.kill('SIGKILL');
      await server.exited;
      server = await start();
    },
    end: async () => {
      for (const traffic of traffics) await traffic.stop().catch(() => {});
      server.kill('SIGKILL');
      await server.exited;
      bare.kill();
      await upstream.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A proxy that does nothing but pass on, in a process of its own. */
async function startBareProxy(
  upstream: string,
): Promise<{ readonly url: string; readonly kill: () => void }> {
  const child = spawn(process.execPath, [new URL('bare-proxy.ts', import.meta.url).pathname, upstream], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(String(text))),
  );
  return { url: `http://127.0.0.1:${port.trim()}`, kill: () => void child.kill('SIGKILL') };
}

async function readReadiness(url: string): Promise<Readiness> {
  const response = await fetch(`${url}/readyz`);
  const { checks } = (await response.json()) as {
    readonly checks: readonly { readonly name: string; readonly isOk: boolean; readonly detail: string }[];
  };
  return { status: response.status, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

async function readMetric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
