import { skipSpace, type JsonMember } from './json-members.ts';

/** A change of a body: the bytes from `start` to `end`, exclusive, give way to a text. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A JSON object as it came: its bytes, the same as a byte string, and the members of its outermost level. */
export interface JsonBody {
  readonly bytes: Buffer;
  readonly text: string;
  /** At least one. */
  readonly members: readonly JsonMember[];
}

/** The bytes with all changes, which may stand in any order but do not overlap. Without changes the very bytes. */
export function splice(bytes: Buffer, changes: readonly Splice[]): Buffer {
  if (changes.length === 0) return bytes;
  const pieces: Buffer[] = [];
  let at = 0;
  // What is put in at a place comes before what is taken out from there on.
  const inOrder = changes.toSorted((one, other) => one.start - other.start || one.end - other.end);
  for (const { start, end, text } of inOrder) {
    pieces.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  pieces.push(bytes.subarray(at));
  return Buffer.concat(pieces);
}

/** Sets a field of the outermost object; one that is not there yet becomes its first. */
export function setField({ members }: JsonBody, key: string, value: unknown): Splice {
  const json = JSON.stringify(value);
  const member = members.find((other) => other.key === key);
  if (member !== undefined) return { start: member.valueStart, end: member.valueEnd, text: json };
  const start = members[0]?.start ?? 1;
  return { start, end: start, text: `${JSON.stringify(key)}:${json},` };
}

/** Takes a field out of the outermost object, with the comma that goes with it; nothing where it is not there. */
export function removeField({ text, members }: JsonBody, key: string): readonly Splice[] {
  const index = members.findIndex((member) => member.key === key);
  const member = members[index];
  if (member === undefined) return [];
  const { start, valueEnd } = member;
  if (index > 0) return [{ start: members[index - 1]?.valueEnd ?? start, end: valueEnd, text: '' }];
  const comma = skipSpace(text, valueEnd);
  const end = text[comma] === ',' ? skipSpace(text, comma + 1) : valueEnd;
  return [{ start, end, text: '' }];
}
