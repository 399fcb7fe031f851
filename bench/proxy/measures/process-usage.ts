import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used since it started. */
export interface ProcessUsage {
  /** User and system time of all its threads, microseconds. */
  readonly cpuMicros: number;
  /** The main thread's part of it; `null` where the system does not tell. */
  readonly mainMicros: number | null;
}

/**
 * Reads what a process has used: from the scheduler's own books, in nanoseconds, where there are any; else from `ps`, in
 * hundredths of a second or worse.
 */
export function readUsage(pid: number): ProcessUsage {
  if (process.platform !== 'linux') return { cpuMicros: cpuBySystem(pid), mainMicros: null };
  const micros = (thread: string): number => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1000;
    } catch {
      // The thread has just ended.
      return 0;
    }
  };
  const threads = readdirSync(`/proc/${pid}/task`);
  return {
    cpuMicros: threads.reduce((sum, thread) => sum + micros(thread), 0),
    mainMicros: micros(String(pid)),
  };
}

/** Resident memory of a process, bytes. */
export function readResidentBytes(pid: number): number {
  if (process.platform !== 'linux') return Number(ask(pid, 'rss=')) * 1024;
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(line?.[1] ?? Number.NaN) * 1024;
}

/** `[[dd-]hh:]mm:ss.cc` as microseconds. */
function cpuBySystem(pid: number): number {
  const [clock = '', days = '0'] = ask(pid, 'time=').split('-').toReversed();
  const seconds = clock.split(':').reduce((total, part) => total * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1e6;
}

function ask(pid: number, field: string): string {
  return execFileSync('ps', ['-o', field, '-p', String(pid)], { encoding: 'utf8' }).trim();
}
