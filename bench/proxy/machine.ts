import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** Where the figures come from; part of the published data. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly isPinned: boolean;
  readonly generator: 'wrk' | 'node';
  readonly upstream: 'nginx' | 'node';
}

/** Programs that the bench uses where it finds them. */
export interface Tools {
  readonly wrk: string | undefined;
  readonly nginx: string | undefined;
  /** Pins processes to cores; Linux only. */
  readonly taskset: string | undefined;
}

/** The core that the measured proxy has to itself, and the one that everything else shares. */
export const cores = { proxy: 0, rest: 1 } as const;

/** Looks for the programs on the path, and where systems put what only administrators run. */
export function findTools(): Tools {
  return {
    wrk: findProgram('wrk'),
    nginx: findProgram('nginx'),
    taskset: process.platform === 'linux' && cpus().length > 1 ? findProgram('taskset') : undefined,
  };
}

function findProgram(name: string): string | undefined {
  try {
    const found = execFileSync('/bin/sh', ['-c', 'command -v "$0"', name], {
      encoding: 'utf8',
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` },
    });
    return found.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Describes the machine, and how the bench uses it. */
export function describeMachine(tools: Tools): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    isPinned: tools.taskset !== undefined,
    generator: tools.wrk === undefined ? 'node' : 'wrk',
    upstream: tools.nginx === undefined ? 'node' : 'nginx',
  };
}
