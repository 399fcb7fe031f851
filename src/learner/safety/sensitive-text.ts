import { isCardNumber, isIban } from './checksums.ts';
import { secretPatterns } from './secret-patterns.ts';

/** What was found in a text that should stay where it is. */
export interface SensitivePart {
  readonly kind: SensitiveKind;
  readonly text: string;
}

/** `secret`: a key, token, password or private key. */
export type SensitiveKind = 'secret' | 'mail' | 'card' | 'iban' | 'phone' | 'number';

interface Detector {
  readonly kind: SensitiveKind;
  readonly pattern: RegExp;
  /** Tells a find from what only looks like one. */
  readonly isReal?: (text: string) => boolean;
}

/** In the order in which they are looked for: what one has found, the next does not see. All take linear time. */
const detectors: readonly Detector[] = [
  ...secretPatterns.map((pattern): Detector => ({ kind: 'secret', pattern })),
  { kind: 'mail', pattern: /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu },
  { kind: 'iban', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}\b/gi, isReal: isIban },
  { kind: 'card', pattern: /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, isReal: isCardNumber },
  // A social security number of the United States.
  { kind: 'number', pattern: /(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g },
  // An international number, or one with its area code set apart.
  { kind: 'phone', pattern: /(?<![\w+])(?:\+|00)[1-9](?:[ ()./-]{0,2}\d){6,14}(?!\d)/g },
  { kind: 'phone', pattern: /(?<![\w.-])(?:\(\d{2,5}\) ?|\d{3}[-. ])\d{3,4}[-. ]\d{3,5}(?![\w.-]*\d)/g },
  { kind: 'phone', pattern: /(?<![\w.,-])0\d{2,4}[ /-]\d{2,4}(?:[ -]?\d{2,4}){1,3}(?![\w-]*\d)/g },
];

/**
 * Personal data and secrets in a text: mail addresses, phone numbers, card numbers (Luhn), account numbers (IBAN,
 * modulo 97), social security numbers, and keys as vendors write them. Names and addresses of people are not
 * recognised, since nothing but a model could. In the order of the detectors.
 */
export function sensitiveParts(text: string): readonly SensitivePart[] {
  const parts: SensitivePart[] = [];
  replaceSensitive(text, (part) => {
    parts.push(part);
    return blank;
  });
  return parts;
}

/** The text with a mark such as `[mail]` in the place of each personal datum and secret. */
export function redact(text: string): string {
  return replaceSensitive(text, ({ kind }) => `[${kind}]`);
}

/** Stands where something was found, so that what is left of it is not found again. */
const blank = ' ';

function replaceSensitive(text: string, replacement: (part: SensitivePart) => string): string {
  return detectors.reduce(
    (rest, { kind, pattern, isReal }) =>
      rest.replaceAll(pattern, (found: string) =>
        isReal === undefined || isReal(found) ? replacement({ kind, text: found }) : found,
      ),
    text,
  );
}
