import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClosedLoopResult } from './closed-loop.ts';

/** A closed loop for wrk. */
export interface WrkLoop {
  readonly wrk: string;
  readonly pin: { readonly taskset: string; readonly core: number } | undefined;
  readonly port: number;
  readonly template: string;
  readonly tasks: number;
  readonly start: number;
  readonly connections: number;
  /** Whole seconds. */
  readonly seconds: number;
}

interface WrkReport {
  readonly requests: number;
  readonly micros: number;
  readonly refused: number;
  readonly broken: number;
}

const run = promisify(execFile);
const script = fileURLToPath(new URL('./wrk.lua', import.meta.url));

/** Runs wrk, whose one thread costs a few microseconds per request. Requests cut off at the end do not count. */
export async function runWrk(loop: WrkLoop): Promise<ClosedLoopResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-bench-'));
  try {
    const file = join(folder, 'template');
    writeFileSync(file, loop.template);
    const command = [
      ...(loop.pin === undefined ? [] : [loop.pin.taskset, '-c', String(loop.pin.core)]),
      loop.wrk,
      '-t1',
      `-c${loop.connections}`,
      `-d${loop.seconds}s`,
      '--timeout=30s',
      `--script=${script}`,
      `http://127.0.0.1:${loop.port}/`,
    ];
    const { stdout } = await run(command[0] ?? loop.wrk, command.slice(1), {
      env: { BENCH_TEMPLATE: file, BENCH_TASKS: String(loop.tasks), BENCH_START: String(loop.start) },
    });
    const report: WrkReport = JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? 'null');
    return {
      requests: report.requests,
      errors: report.refused + report.broken,
      seconds: report.micros / 1e6,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
