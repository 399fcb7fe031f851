import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCompletionIdReader, type BodyKind } from './completion-id.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The ids that are found in a body that comes in such pieces. */
function found(kind: BodyKind, pieces: readonly Uint8Array[]): string[] {
  const ids: string[] = [];
  const reader = createCompletionIdReader(kind, (id) => ids.push(id));
  for (const piece of pieces) reader.read(piece);
  reader.end();
  return ids;
}

const call = '"choices":[{"message":{"tool_calls":[{"id":"call_1"}],"content":"süß 🎫 \\"id\\":\\"no\\""}}]';
const chunk = (id: string): string => `data: {"id":"${id}","choices":[{"delta":{"content":"süß 🎫"}}]}`;

const bodies: readonly (readonly [kind: BodyKind, body: string, ids: readonly string[]])[] = [
  ['json', `{"id":"chatcmpl-1",${call}}`, ['chatcmpl-1']],
  ['json', `{${call},"id" : "chatcmpl-1"}\n`, ['chatcmpl-1']],
  ['json', '{"id":"süß-🎫"}', ['süß-🎫']],
  ['json', `{${call}}`, []],
  ['json', '{"id":7}', []],
  ['json', '{"id":"cut', []],
  ['json', '[{"id":"in a list"}]', []],
  ['events', `${chunk('c1')}\n\n${chunk('c1')}\n\ndata: [DONE]\n\n`, ['c1']],
  ['events', `: hello\r\n\r\n${chunk('')}\r\n\r\n${chunk('c1')}\r\n\r\n`, ['c1']],
  ['events', 'event: response.created\ndata: {"type":"x","response":{"id":"resp_1"}}\n\n', ['resp_1']],
  ['events', 'event: ping\ndata: {}\n\ndata: {"id":null}\n\n', []],
];

test.each(bodies)('%s: %s', (kind, body, ids) => {
  expect(found(kind, [bytesOf(body)])).toEqual(ids);
});

test('how a body is cut into pieces changes nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...bodies),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      ([kind, body, ids], lengths) => {
        const bytes = bytesOf(body);
        const pieces: Uint8Array[] = [];
        for (let start = 0, at = 0; start < bytes.length; at += 1) {
          const end = start + (lengths[at % lengths.length] ?? 1);
          pieces.push(bytes.slice(start, end));
          start = end;
        }
        expect(found(kind, pieces)).toEqual(ids);
      },
    ),
  );
});

test('a stream that has no id is not kept', () => {
  const filler = bytesOf(`: ${'x'.repeat(9_998)}`);
  const late = [...Array.from({ length: 11 }, () => filler), bytesOf(`\n\n${chunk('late')}\n\n`)];
  expect(found('events', late)).toEqual([]);
});
