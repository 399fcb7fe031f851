import { RatchetError } from '../domain/ratchet-error.ts';
import type { CliContext } from './cli-command.ts';
import { terminalText } from './terminal-text.ts';

const lengthMax = 200;

/** Who gives a command: as named, else the user of the shell. Rejects a name without any sign that can be printed. */
export function personOf(named: string | undefined, environment: CliContext['environment']): string {
  const person = terminalText(
    named ?? environment['USER'] ?? environment['LOGNAME'] ?? environment['USERNAME'] ?? 'operator',
    lengthMax,
  );
  if (person === '') throw new RatchetError('invalid_request', '--by: expected a name');
  return person;
}
