import type { Command } from 'commander';
import { invalidConfiguration } from '../../configuration/invalid-configuration.ts';

/** Adds how many items of a list are shown. */
export function addLimitOption(command: Command): Command {
  return command.option('-n, --limit <number>', 'as many at most', limitOf, 50);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw invalidConfiguration('--limit', 'expected a whole number of at least 1');
}
