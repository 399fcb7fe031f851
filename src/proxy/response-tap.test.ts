import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createResponseTap } from './response-tap.ts';

const text = 'billing '.repeat(1000);

test.each([
  [undefined, (bytes: Buffer) => bytes],
  ['identity', (bytes: Buffer) => bytes],
  ['gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
])('what passed in pieces, encoded as %s, is read whole', async (encoding, encode) => {
  const tap = createResponseTap();
  const bytes = encode(Buffer.from(text));
  for (let start = 0; start < bytes.length; start += 7) tap.add(bytes.subarray(start, start + 7));
  expect((await tap.read(encoding))?.toString()).toBe(text);
});

test.each(['gzip', 'compress', 'gzip, br'])('what is not %s after all is not read', async (encoding) => {
  const tap = createResponseTap();
  tap.add(Buffer.from(text));
  expect(await tap.read(encoding)).toBeNull();
});

test('neither more bytes than are kept nor a small piece that decodes to more are read', async () => {
  const large = createResponseTap();
  for (let n = 0; n < 17; n += 1) large.add(Buffer.alloc(1 << 20));
  expect(await large.read(undefined)).toBeNull();
  const bomb = createResponseTap();
  bomb.add(gzipSync(Buffer.alloc(17 << 20)));
  expect(await bomb.read('gzip')).toBeNull();
});
