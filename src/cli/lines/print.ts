import type { CliContext } from '../cli-command.ts';
import { harmless, harmlessJson } from '../terminal-text.ts';

/** Prints an answer: as JSON for machines, or in lines for people. */
export function printAnswer(
  { print }: Pick<CliContext, 'print'>,
  { json }: { readonly json?: true },
  { whole, lines }: { readonly whole: unknown; readonly lines: () => readonly string[] },
): void {
  print(`${json ? harmlessJson(JSON.stringify(whole)) : lines().map(harmless).join('\n')}\n`);
}
