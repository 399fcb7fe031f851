import { InvalidArgumentError, type Command } from 'commander';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../runtime/package-root.ts';

/** Options of commands that run a world. */
export interface WorldOptions {
  readonly world: string;
  readonly seed: number;
  readonly requests: number;
  readonly json?: true;
}

/** The world that the demo shows, and that is simulated when none is named. */
const worldDefault = 'worlds/contract-clauses.json';

/** Adds `--world`, `--seed`, `--requests` and `--json`. */
export function addWorldOptions(command: Command, requests: number): Command {
  return command
    .option('-w, --world <file>', 'world to run in, a JSON file', worldDefault)
    .option('-s, --seed <number>', 'whole number that fixes every draw', wholeNumber, 1)
    .option('-n, --requests <number>', 'live requests of the agent', positiveNumber, requests)
    .option('--json', 'print one line of JSON, as worlds/README.md describes');
}

/** Where the world's file lies: the default one in this package, any other relative to the working folder. */
export function worldPath(world: string, folder: string): string {
  return world === worldDefault ? join(packageRoot(), worldDefault) : resolve(folder, world);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Expected a whole number.');
  return value;
}

/** Reads a whole number from 1 on. Throws `InvalidArgumentError`. */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('Expected at least 1.');
  return value;
}
