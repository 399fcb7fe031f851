import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../../src/runtime/package-root.ts';

/** A real `ratchet serve` in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Every log line so far. */
  readonly log: () => readonly LogLine[];
  /** Resolves when a line with this event has been written, an earlier one too. */
  readonly logged: (event: string) => Promise<LogLine>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** The exit code, `null` when a signal ended it. */
  readonly exited: Promise<number | null>;
}

type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** Longest wait for a log line, milliseconds. */
const waitMsMax = 20_000;

/** Starts a server on a free port and waits until it listens. `user` is the one that it runs as, where not this one. */
export async function startServerProcess(
  environment: Readonly<Record<string, string>>,
  user: { readonly uid?: number } = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(packageRoot(), 'bin/ratchet.js'), 'serve'], {
    env: { PATH: process.env['PATH'] ?? '', RATCHET_PORT: '0', ...environment },
    stdio: ['ignore', 'inherit', 'pipe'],
    ...user,
  });
  const lines: LogLine[] = [];
  const waiters = new Set<() => void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(parse(line));
    for (const wake of waiters) wake();
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const logged = async (event: string): Promise<LogLine> => {
    const deadline = Date.now() + waitMsMax;
    for (;;) {
      const found = lines.find((line) => line.event === event);
      if (found !== undefined) return found;
      if (Date.now() > deadline || child.exitCode !== null)
        throw new Error(
          `no "${event}" in the log, exit code ${child.exitCode}:\n${lines.map((line) => JSON.stringify(line)).join('\n')}`,
        );
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiters.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 100);
        waiters.add(wake);
      });
    }
  };
  const listening = await logged('listening').catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url: String(listening['url']),
    pid: child.pid ?? 0,
    log: () => lines,
    logged,
    kill: (signal) => void child.kill(signal),
    exited,
  };
}

function parse(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { event: 'not-json', line };
  }
}
