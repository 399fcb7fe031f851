import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type ServerType } from '@hono/node-server';
import { banditFold } from '../bandit/fold.ts';
import { gateViews } from '../composition/gate-views.ts';
import { createConsole } from '../console/console.ts';
import { operatorToken, plantHistory, viewerToken } from '../console/api/api-world.case.ts';
import { silentLogger } from '../domain/logger.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { createSystemRandom } from '../runtime/system-random.ts';
import { openSqliteStore } from '../store/kysely/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import type { CliProcess } from './program.ts';
import { runProgram } from './program.ts';

/** What a command line came to. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** A folder with a database that is open all the time, as a server would have it. */
export interface CliWorld {
  readonly folder: string;
  readonly store: Store;
  /** Runs a command line in the folder as the person `ada`. */
  readonly run: (...words: readonly string[]) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

/** Runs a command line and gathers what it prints. */
export async function runWords(
  words: readonly string[],
  process: Pick<CliProcess, 'environment' | 'folder' | 'terminal'>,
): Promise<Outcome> {
  let output = '';
  let errors = '';
  const code = await runProgram(words, {
    ...process,
    print: (text) => (output += text),
    printError: (text) => (errors += text),
  });
  return { code, output, errors };
}

/** Opens a database in a new folder. */
export async function openCliWorld(): Promise<CliWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-cli-'));
  const store = await openSqliteStore({
    path: join(folder, 'ratchet.db'),
    fold: banditFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode: 'writer',
  });
  return {
    folder,
    store,
    run: async (...words) => runWords(words, { folder, environment: { USER: 'ada' } }),
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A server of the control plane. */
export interface ControlServer {
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** A world with a task that has a history, and a server of its control plane. */
export interface ServedWorld extends CliWorld {
  readonly server: ControlServer;
}

/** Opens a database, plants a history and serves it. */
export async function openServedWorld(): Promise<ServedWorld> {
  const world = await openCliWorld();
  await plantHistory(world.store);
  const server = await serveControl(world.store);
  return {
    ...world,
    server,
    close: async () => {
      await server.close();
      await world.close();
    },
  };
}

/** Serves the control plane of a store on loopback, with an operator's and a viewer's token. */
async function serveControl(store: Store): Promise<ControlServer> {
  const app = createConsole({
    store,
    clock: systemClock,
    logger: silentLogger,
    adminTokens: [operatorToken, viewerToken],
    version: '1.2.3',
    metricsText: async () => '',
    probes: [],
    learning: { isOn: false, reason: 'no learning key is set' },
    gate: gateViews,
    flushDecisions: async () => {},
    stopping: new AbortController().signal,
  });
  const server = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => resolve(started));
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
