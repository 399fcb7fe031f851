import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startProcess } from '../child-process.ts';
import { cores, type Tools } from '../machine.ts';
import type { Contender } from './contender.ts';

/** The peer's place; it has a lock file of its own and is installed on demand. */
const folder = fileURLToPath(new URL('../../peer', import.meta.url));
const program = `${folder}/node_modules/@portkey-ai/gateway/build/start-server.js`;

/** Installs the peer unless it is there (25 MB). No scripts are run. */
export async function installPeer(tell: (line: string) => void): Promise<void> {
  if (existsSync(program)) return;
  tell('installing the peer into bench/peer');
  await promisify(execFile)('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']);
}

/** Starts the peer before an upstream, as its documentation says, without its log page. */
export async function startPeer(upstreamPort: number, { taskset }: Tools): Promise<Contender> {
  const port = await freePort();
  const running = await startProcess({
    command: process.execPath,
    parameters: [program, `--port=${port}`, '--headless'],
    environment: { NODE_ENV: 'production' },
    pin: taskset === undefined ? undefined : { taskset, core: cores.proxy },
    ready: { port },
  });
  return {
    name: 'peer',
    port,
    root: '/v1',
    addedHeaders: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
    },
    pid: running.pid,
    stop: running.stop,
  };
}
