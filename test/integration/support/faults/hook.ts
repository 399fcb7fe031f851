import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, threadName } from 'node:worker_threads';

/**
 * Loaded into every thread of a server under test by `NODE_OPTIONS`, and does to it what files in a folder say; the
 * product knows nothing of it. `clock` holds milliseconds by which the wall clock is off. `<thread>.<fault>` befalls the
 * thread of that name (`main`, `store`, `learning`) for as long as the file is there:
 * - `die`: throws what nobody catches, at the start of the thread too;
 * - `hang`: computes without end;
 * - `hoard`: allocates until there is nothing left.
 */
const folder = process.env['FAULT_FOLDER'] ?? '';
const thread = isMainThread ? 'main' : threadName;
const lookMs = 5;

const RealDate = globalThis.Date;
let offsetMs = 0;

class OffDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    // Whatever a date was made from, and from nothing at the moment that the clock shows.
    super(...((given.length === 0 ? [OffDate.now()] : given) as [number]));
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

const isOn = (fault: string): boolean => existsSync(join(folder, `${thread}.${fault}`));

function look(): void {
  const clock = join(folder, 'clock');
  offsetMs = existsSync(clock) ? Number(readFileSync(clock, 'utf8')) : 0;
  if (isOn('die')) throw new Error(`the ${thread} thread was told to die`);
  while (isOn('hang'));
  const hoard: number[][] = [];
  while (isOn('hoard')) {
    const kept: number[] = [];
    kept.length = 1_000_000;
    hoard.push(kept.fill(0.5));
  }
}

if (folder !== '') {
  globalThis.Date = OffDate as DateConstructor;
  look();
  setInterval(look, lookMs).unref();
}
