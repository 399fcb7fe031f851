import type { CliContext } from '../cli-command.ts';

/** Prints an answer: as JSON for machines, or in lines for people. */
export function printAnswer(
  { print }: Pick<CliContext, 'print'>,
  { json }: { readonly json?: true },
  { whole, lines }: { readonly whole: unknown; readonly lines: () => readonly string[] },
): void {
  print(`${json ? JSON.stringify(whole) : lines().map(harmless).join('\n')}\n`);
}

/** Ids and names come from elsewhere too: of what steers a terminal, a line keeps our own colours alone. */
function harmless(line: string): string {
  return line.replaceAll(
    // oxlint-disable-next-line no-control-regex
    /(\u001B\[\d+m)|[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu,
    (_, colour: string | undefined) => colour ?? '',
  );
}
