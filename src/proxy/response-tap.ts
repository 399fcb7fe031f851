import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';

/** Bytes of a response that are kept, as sent and after decoding. What is beyond is relayed all the same. */
const tappedBytesMax = 16 * 1024 * 1024;

/** Keeps a copy of a response's pieces while they pass, to be read once it has ended. */
export interface ResponseTap {
  readonly add: (chunk: Uint8Array) => void;
  /** All bytes, decoded (a promise where that takes time); `null` where there were too many, or they are damaged. */
  readonly read: (contentEncoding: string | undefined) => Buffer | null | Promise<Buffer | null>;
}

/** Holds references to the pieces, and copies nothing before the end. */
export function createResponseTap(): ResponseTap {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  return {
    add: (chunk) => {
      bytes += chunk.length;
      if (bytes <= tappedBytesMax) chunks.push(chunk);
      else chunks = [];
    },
    read: (contentEncoding) => {
      if (bytes > tappedBytesMax) return null;
      const body = Buffer.concat(chunks);
      const encoding = contentEncoding?.trim().toLowerCase() ?? '';
      return encoding === '' || encoding === 'identity' ? body : decode(body, encoding);
    },
  };
}

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
} as const;

async function decode(bytes: Buffer, encoding: string): Promise<Buffer | null> {
  if (!isKnown(encoding)) return null;
  try {
    return await decoders[encoding](bytes, { maxOutputLength: tappedBytesMax });
  } catch {
    return null;
  }
}

function isKnown(encoding: string): encoding is keyof typeof decoders {
  return Object.hasOwn(decoders, encoding);
}
