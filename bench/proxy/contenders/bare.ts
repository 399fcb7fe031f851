import { fileURLToPath } from 'node:url';
import { ownAnnouncement, startProcess } from '../child-process.ts';
import { cores, type Tools } from '../machine.ts';
import type { Contender } from './contender.ts';

/** Starts the bare pass-through before an upstream. */
export async function startBare(upstreamPort: number, { taskset }: Tools): Promise<Contender> {
  const running = await startProcess({
    command: process.execPath,
    parameters: [
      fileURLToPath(new URL('./pass-through.process.ts', import.meta.url)),
      `http://127.0.0.1:${upstreamPort}`,
    ],
    pin: taskset === undefined ? undefined : { taskset, core: cores.proxy },
    ready: { announcement: ownAnnouncement },
  });
  return {
    name: 'bare',
    port: Number(running.announced),
    root: '/v1',
    addedHeaders: {},
    pid: running.pid,
    stop: running.stop,
  };
}
