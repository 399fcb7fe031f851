import type { LogFields } from '../domain/logger.ts';

const secretName =
  /(secret|password|passphrase|authorization|cookie|credential|api_?key|_?token|private_?key)$/i;

/** What looks like a credential wherever it stands: bearer headers, vendor keys, passwords inside addresses. */
const secretValues: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
  [/\b(sk|pk|rk|key|xox[abp]|ghp|glpat)[-_][\w-]{8,}/g, '[redacted]'],
  [/([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*):[^@\s/]+@/gi, '$1:[redacted]@'],
];

/** Fields as they may be logged: a secret's value is replaced, whether its name or its shape gives it away. */
export function redactFields(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value];
      return [name, secretName.test(name) ? '[redacted]' : redactText(value)];
    }),
  );
}

/** Text with everything that looks like a credential replaced. */
export function redactText(text: string): string {
  return secretValues.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}
