import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that the bench has started. */
export interface RunningProcess {
  readonly pid: number;
  /** What its announcement said; for a process that is found by its port, the port. */
  readonly announced: string;
  /** Its last lines, for reports of what went wrong. */
  readonly tail: () => string;
  readonly send: (message: object) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Asks it to end and waits; after five seconds it is killed. */
  readonly stop: () => Promise<void>;
}

/** How to start a process and how to see that it is ready. */
export interface ProcessStart {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Core to pin it to, by `taskset`. */
  readonly pin?: { readonly taskset: string; readonly core: number } | undefined;
  /** Ready when one of its lines is an announcement, or when its port takes connections. */
  readonly ready: { readonly announcement: (line: string) => string | undefined } | { readonly port: number };
  /** Whether messages can be exchanged with it. */
  readonly isMessaging?: boolean;
}

const startMsMax = 60_000;
const stopMsMax = 5_000;
const tailLinesMax = 40;
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a process and resolves when it is ready. Rejects with its last lines where it ends before. */
export async function startProcess(start: ProcessStart): Promise<RunningProcess> {
  const { command, parameters, pin, ready } = start;
  const [program, ...rest] =
    pin === undefined
      ? [command, ...parameters]
      : [pin.taskset, '-c', String(pin.core), command, ...parameters];
  const child = spawn(program ?? command, rest, {
    env: { PATH: process.env['PATH'] ?? '', ...start.environment },
    ...(start.folder === undefined ? {} : { cwd: start.folder }),
    stdio: ['ignore', 'pipe', 'pipe', ...(start.isMessaging === true ? (['ipc'] as const) : [])],
  });
  running.add(child);
  const exited = new Promise<void>((resolve) => {
    const gone = (): void => {
      running.delete(child);
      resolve();
    };
    child.once('exit', gone).once('error', gone);
  });
  const lines: string[] = [];
  const announced = Promise.withResolvers<string>();
  const listen = (line: string): void => {
    lines.push(line);
    if (lines.length > tailLinesMax) lines.shift();
    const text = 'announcement' in ready ? ready.announcement(line) : undefined;
    if (text !== undefined) announced.resolve(text);
  };
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on('line', listen);
  const tail = (): string => lines.join('\n');
  const isReady = 'port' in ready ? untilListening(ready.port) : announced.promise;
  const outcome = await Promise.race([
    isReady,
    exited.then(() => null),
    delay(startMsMax, null, { ref: false }),
  ]);
  if (outcome === null) {
    child.kill('SIGKILL');
    throw new Error(`${command} ${parameters.join(' ')} did not start:\n${tail()}`);
  }
  return {
    pid: child.pid ?? 0,
    announced: outcome,
    tail,
    send: (message) => void child.send(message),
    onMessage: (listener) => void child.on('message', listener),
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** The address that our own processes announce on a line of their own. */
export function ownAnnouncement(line: string): string | undefined {
  return /^listening (\S+)$/.exec(line)?.[1];
}

/** A port that is free now, for programs that cannot take one by themselves. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilListening(port: number): Promise<string> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      const settle = (answer: boolean): void => {
        socket.destroy();
        resolve(answer);
      };
      socket.once('connect', () => settle(true)).once('error', () => settle(false));
    });
    if (isOpen) return String(port);
    await delay(20);
  }
}
