/** Text that came from a model or a user, made safe and short for a terminal: one line, no control characters. */
export function terminalText(text: string, lengthMax: number): string {
  // The class names every control and format character, escape sequences begin with one of them.
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .trim();
  return line.length <= lengthMax ? line : `${line.slice(0, lengthMax - 1)}…`;
}

/** A line of which nothing but our own colours steers a terminal: ids and names come from elsewhere too. */
export function harmless(line: string): string {
  return line.replaceAll(
    // oxlint-disable-next-line no-control-regex
    /(\u001B\[\d+m)|[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu,
    (_, colour: string | undefined) => colour ?? '',
  );
}

/** JSON that means the same, in which whatever could steer a terminal is escaped. */
export function harmlessJson(json: string): string {
  return json.replaceAll(/[\p{Cc}\p{Cf}]/gu, (sign) =>
    Array.from({ length: sign.length }, (_, index) => {
      const unit = sign.charCodeAt(index).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join(''),
  );
}
