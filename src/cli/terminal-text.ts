/** Text that came from a model or a user, made safe and short for a terminal: one line, no control characters. */
export function terminalText(text: string, lengthMax: number): string {
  // The class names every control and format character, escape sequences begin with one of them.
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .trim();
  return line.length <= lengthMax ? line : `${line.slice(0, lengthMax - 1)}…`;
}
