import { findMembers } from './json-members.ts';
import type { ResponseFilter } from './relay-response.ts';
import { removeField, splice } from './splice.ts';

/** Bytes of one event that are held back; a stream with a longer one passes untouched from there on. */
const heldBytesMax = 4 * 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const noBytes: Buffer = Buffer.alloc(0);

/**
 * Takes out of a stream of chat chunks what its server adds when it is asked for the usage: a chunk without choices that
 * tells it, and `"usage":null` in all others. All else passes to the byte, event by event, wherever the pieces that come
 * in are cut.
 */
export function createUsageStripper(): ResponseFilter {
  const boundary = createEventBoundary();
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isOff = false;
  const release = (): Buffer => {
    const bytes = held.length === 1 ? (held[0] ?? noBytes) : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return bytes;
  };
  const hold = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    held.push(bytes);
    heldBytes += bytes.length;
  };
  return {
    push: (chunk) => {
      if (isOff) return chunk;
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const passed: Buffer[] = [];
      let start = 0;
      for (const end of boundary(bytes)) {
        hold(bytes.subarray(start, end));
        passed.push(withoutUsage(release()));
        start = end;
      }
      hold(bytes.subarray(start));
      isOff = heldBytes > heldBytesMax;
      if (isOff) passed.push(release());
      return passed.length === 1 ? (passed[0] ?? noBytes) : Buffer.concat(passed);
    },
    end: release,
  };
}

/** Finds where events end in each piece of a stream: behind an empty line, however lines end. */
function createEventBoundary(): (bytes: Buffer) => readonly number[] {
  let isLineEmpty = true;
  // A line may end with a carriage return and a line feed; whether the second follows is known with the next byte.
  let isAfterReturn = false;
  let isEventOver = false;
  return (bytes) => {
    const ends: number[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at];
      const isSecondHalf = isAfterReturn && byte === lineFeed;
      if (isEventOver) ends.push(isSecondHalf ? at + 1 : at);
      isEventOver = false;
      isAfterReturn = byte === carriageReturn;
      if (isSecondHalf) continue;
      if (isAfterReturn) isEventOver = isLineEmpty;
      else if (byte === lineFeed && isLineEmpty) ends.push(at + 1);
      isLineEmpty = isAfterReturn || byte === lineFeed;
    }
    return ends;
  };
}

/** The start of an event's only line of data, up to the value. */
const onlyData = /^(?:(?!data:)[^\r\n]*(?:\r\n|\r|\n))*data: *(?=\{)/;

function withoutUsage(event: Buffer): Buffer {
  if (!event.includes('"usage"')) return event;
  const text = event.toString('latin1');
  const start = onlyData.exec(text)?.[0].length;
  if (start === undefined) return event;
  const data = text.slice(start).split(/[\r\n]/, 1)[0] ?? '';
  const members = findMembers(data);
  const valueOf = (key: string): string | undefined => {
    const member = members?.find((other) => other.key === key);
    return member && data.slice(member.valueStart, member.valueEnd);
  };
  const usage = valueOf('usage');
  if (members === undefined || usage === undefined) return event;
  if (usage.startsWith('{')) return /^\[\s*\]$/.test(valueOf('choices') ?? '') ? noBytes : event;
  if (usage !== 'null') return event;
  const end = start + data.length;
  const changes = removeField({ bytes: event, text: data, members }, 'usage');
  return Buffer.concat([
    event.subarray(0, start),
    splice(event.subarray(start, end), changes),
    event.subarray(end),
  ]);
}
