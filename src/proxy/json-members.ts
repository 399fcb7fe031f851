/** Where a member of a JSON object stands in its text. Ends are exclusive. */
export interface JsonSpan {
  /** Start of the member: the quote of its key. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A member of the outermost object. */
export interface JsonMember extends JsonSpan {
  readonly key: string;
}

const quote = 0x22;
const backslash = 0x5c;

/** Where an element of a JSON array stands in its text. The end is exclusive. */
export interface JsonElement {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the members of the outermost object in one pass, without making values of them: only strings are skipped with
 * care, so that a long body costs little. The text may be a byte string (one character per byte of UTF-8), since all
 * characters of JSON's structure are ASCII; then positions are those of bytes.
 *
 * `undefined` where the text is not an object or its outermost level is not well formed. Deeper levels are not checked.
 */
export function findMembers(text: string): readonly JsonMember[] | undefined {
  const found = objectAt(text, skipSpace(text, 0));
  return found !== undefined && skipSpace(text, found.end) === text.length ? found.members : undefined;
}

/** The same for the object that starts at a position, whatever stands behind it. */
export function membersAt(text: string, start: number): readonly JsonMember[] | undefined {
  return objectAt(text, start)?.members;
}

/** The first elements of the array that starts at a position, at most `countMax`; `undefined` where it is none. */
export function elementsAt(
  text: string,
  start: number,
  countMax: number,
): readonly JsonElement[] | undefined {
  const elements: JsonElement[] = [];
  let at = start;
  if (text[at] !== '[') return undefined;
  while (elements.length < countMax) {
    const element = skipSpace(text, at + 1);
    if (elements.length === 0 && text[element] === ']') return elements;
    const end = skipValue(text, element);
    if (end === undefined) return undefined;
    elements.push({ start: element, end });
    at = skipSpace(text, end);
    if (text[at] === ']') return elements;
    if (text[at] !== ',') return undefined;
  }
  return elements;
}

/** First position at or after `at` that is not white space. */
export function skipSpace(text: string, at: number): number {
  let position = at;
  while (isSpace(text.charCodeAt(position))) position += 1;
  return position;
}

function objectAt(
  text: string,
  from: number,
): { readonly members: readonly JsonMember[]; readonly end: number } | undefined {
  const members: JsonMember[] = [];
  if (text[from] !== '{') return undefined;
  let at = skipSpace(text, from + 1);
  if (text[at] === '}') return { members, end: at + 1 };
  for (;;) {
    const start = at;
    const keyEnd = skipString(text, at);
    if (keyEnd === undefined) return undefined;
    at = skipSpace(text, keyEnd);
    if (text[at] !== ':') return undefined;
    const valueStart = skipSpace(text, at + 1);
    const valueEnd = skipValue(text, valueStart);
    const key = keyOf(text.slice(start, keyEnd));
    if (valueEnd === undefined || key === undefined) return undefined;
    members.push({ key, start, valueStart, valueEnd });
    at = skipSpace(text, valueEnd);
    if (text[at] === '}') return { members, end: at + 1 };
    if (text[at] !== ',') return undefined;
    at = skipSpace(text, at + 1);
  }
}

function skipValue(text: string, at: number): number | undefined {
  const first = text[at];
  if (first === '"') return skipString(text, at);
  if (first === '{' || first === '[') return skipNested(text, at);
  let end = at;
  while (isScalar(text.charCodeAt(end))) end += 1;
  return end > at ? end : undefined;
}

function skipNested(text: string, at: number): number | undefined {
  let depth = 0;
  for (let position = at; position < text.length; position += 1) {
    switch (text.charCodeAt(position)) {
      case quote: {
        const end = skipString(text, position);
        if (end === undefined) return undefined;
        position = end - 1;
        break;
      }
      case 0x7b:
      case 0x5b:
        depth += 1;
        break;
      case 0x7d:
      case 0x5d:
        depth -= 1;
        if (depth === 0) return position + 1;
        break;
      default:
    }
  }
  return undefined;
}

/** The position behind the closing quote of a string: the first one before which stands an even number of backslashes. */
function skipString(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== quote) return undefined;
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return undefined;
}

function keyOf(literal: string): string | undefined {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Characters of numbers and of `true`, `false` and `null`. */
function isScalar(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x2e ||
    code === 0x45
  );
}
