import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { banditFold } from '../../bandit/fold.ts';
import type { Config, ServerRole } from '../../configuration/config.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { systemClock } from '../../runtime/system-clock.ts';
import { createSystemRandom } from '../../runtime/system-random.ts';
import { openPostgresStore } from '../../store/kysely/postgres-store.ts';
import type { Store } from '../../store/store.ts';
import type { DemoDatabase } from './demo-database.ts';
import { demoConfig } from './demo-config.ts';
import { livePauses, type LiveServers, type ServedWorld } from './live-servers.ts';
import type { FromReplica, ReplicaStart } from './replica-messages.ts';

/** A server in a process of its own. */
interface Replica {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** How long a process may take to end, milliseconds; then it is killed. */
const stopMsMax = 20_000;

const entry = new URL(`./replica.process${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** So many proxies and a learner, each in a process of its own, on one database, which is removed with them. */
export async function startReplicas(
  { world, upstream, requests }: ServedWorld,
  { count, database }: { readonly count: number; readonly database: DemoDatabase },
): Promise<LiveServers> {
  const closing: (() => Promise<void>)[] = [database.remove];
  const close = async (): Promise<void> => {
    for (const end of closing.toReversed()) await end();
  };
  const start = async (role: ServerRole): Promise<string> => {
    const server = { upstream, requests, role, database: database.url, folder: process.cwd() };
    const replica = await startReplica(demoConfig(world, server));
    closing.push(replica.stop);
    return replica.url;
  };
  try {
    await (await openStore(database.url, 'writer')).close();
    const roles = [...Array.from({ length: count }, (): ServerRole => 'proxy'), 'learner'] as const;
    const started = await Promise.allSettled(roles.map(start));
    for (const outcome of started) if (outcome.status === 'rejected') throw outcome.reason;
    const urls = started.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const reader = await openStore(database.url, 'reader');
    closing.push(reader.close);
    return { urls: urls.slice(0, count), requestsPerSecond: 100, reader, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openStore(url: string, mode: 'reader' | 'writer'): Promise<Store> {
  return openPostgresStore({ url, mode, fold: banditFold, clock: systemClock, random: createSystemRandom() });
}

async function startReplica(config: Config): Promise<Replica> {
  const child = fork(entry, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.send({ config, pauses: livePauses } satisfies ReplicaStart);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
    await exited;
    clearTimeout(timer);
  };
  try {
    return { url: await urlOf(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (fault: string): void =>
      reject(new RatchetError('internal', `a replica could not be started: ${fault}`));
    child.once('error', ({ message }) => fail(message));
    child.once('exit', (code, signal) => fail(`it ended with ${signal ?? code}`));
    child.once('message', (message: FromReplica) =>
      message.kind === 'listening' ? resolve(message.url) : fail(message.fault),
    );
  });
}
