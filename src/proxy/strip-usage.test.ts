import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createUsageStripper } from './strip-usage.ts';

type Chunk = Readonly<Record<string, unknown>>;

const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
const chunk = (delta: object, more: object = {}): Chunk => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: null }],
  ...more,
});

/** A stream as OpenAI sends it: asked for the usage, every chunk has the field, and one more tells it. */
function streamOf(chunks: readonly Chunk[], isUsageAsked: boolean, lineEnd = '\n'): string {
  const told = isUsageAsked
    ? [...chunks.map(withNull), { id: 'c1', object: 'chat.completion.chunk', choices: [], usage }]
    : chunks;
  const events = told.map((each) => `data: ${JSON.stringify(each)}${lineEnd}${lineEnd}`);
  return [`: hello${lineEnd}${lineEnd}`, ...events, `data: [DONE]${lineEnd}${lineEnd}`].join('');
}

function withNull({ obfuscation, ...rest }: Chunk): Chunk {
  return { ...rest, usage: null, ...(obfuscation === undefined ? {} : { obfuscation }) };
}

/** What comes out of a stream that is cut at these shares of its bytes. */
function stripped(stream: string | Buffer, cuts: readonly number[] = []): Buffer {
  const bytes = Buffer.from(stream);
  const places = [...new Set(cuts.map((share) => Math.floor(share * bytes.length)))].toSorted(
    (a, b) => a - b,
  );
  const stripper = createUsageStripper();
  const out = [0, ...places].map((start, index) =>
    Buffer.from(stripper.push(bytes.subarray(start, places[index] ?? bytes.length))),
  );
  return Buffer.concat([...out, stripper.end()]);
}

describe('a stream that was asked for its usage', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 });
  const chunks = fc.array(
    fc
      .record({ content: fc.oneof(text, fc.constantFrom('"usage":null', 'data: {"usage":null}\n\n')) })
      .chain((delta) => fc.constantFrom(chunk(delta), chunk(delta, { obfuscation: 'xyz' }))),
    { maxLength: 6 },
  );
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

  test('arrives as the bytes that it would have been without, wherever it is cut', () => {
    fc.assert(
      fc.property(chunks, cuts, fc.constantFrom('\n', '\r\n', '\r'), (said, places, lineEnd) => {
        const out = stripped(streamOf(said, true, lineEnd), places).toString();
        expect(out).toBe(streamOf(said, false, lineEnd));
      }),
      { numRuns: 500 },
    );
  });

  test('is left alone where nothing was added', () => {
    fc.assert(
      fc.property(chunks, cuts, (said, places) => {
        const stream = streamOf(said, false);
        expect(stripped(stream, places).toString()).toBe(stream);
      }),
    );
  });

  test.each([
    ['an error in the stream', 'data: {"error":{"message":"no","usage":null}}\n\n'],
    ['a last chunk that tells usage beside a choice', `data: ${JSON.stringify(chunk({}, { usage }))}\n\n`],
    ['an event without choices that tells no usage', 'data: {"choices":[],"prompt_filter_results":[]}\n\n'],
    ['malformed data', 'data: {"usage":null\n\n'],
    ['a stream that breaks off', 'data: {"id":"c1","usage":null}'],
    ['something else', '<html>"usage":null</html>'],
  ])('keeps %s', (_, stream) => {
    expect(stripped(stream, [0.3, 0.6]).toString()).toBe(stream);
  });

  test('passes each event as soon as it is whole', () => {
    const stripper = createUsageStripper();
    const push = (piece: string): string => Buffer.from(stripper.push(Buffer.from(piece))).toString();
    expect(push('data: {"id":"c1","us')).toBe('');
    expect(push('age":null}\n')).toBe('');
    expect(push('\n')).toBe('data: {"id":"c1"}\n\n');
    expect(push('data: {"usage":null,"id":"c2"}\n\ndata: [DO')).toBe('data: {"id":"c2"}\n\n');
    expect(push('NE]\n\n')).toBe('data: [DONE]\n\n');
  });

  test('passes untouched where an event never ends, rather than filling the memory', () => {
    const stripper = createUsageStripper();
    const piece = Buffer.alloc(1 << 20, 'x');
    const out = Array.from({ length: 8 }, () => stripper.push(piece).length);
    expect(out.reduce((sum, bytes) => sum + bytes, 0)).toBe(8 << 20);
    expect(out.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(out.at(-1)).toBe(1 << 20);
  });
});
