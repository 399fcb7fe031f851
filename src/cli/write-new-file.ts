import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isRecord } from '../domain/is-record.ts';
import { RatchetError } from '../domain/ratchet-error.ts';

/**
 * Writes a file that does not exist yet, readable by its owner only, and resolves to its length in bytes. Where what is to
 * be written breaks off, nothing is left of it.
 */
export async function writeNewFile(file: string, chunks: AsyncIterable<string>): Promise<number> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw failure(file, error);
  });
  const target = handle.createWriteStream();
  try {
    await pipeline(Readable.from(chunks), target);
    return target.bytesWritten;
  } catch (error) {
    await rm(file, { force: true });
    throw error instanceof RatchetError ? error : failure(file, error);
  }
}

function failure(file: string, cause: unknown): RatchetError {
  const code = isRecord(cause) ? cause['code'] : undefined;
  const reason = code === 'EEXIST' ? 'exists already' : `cannot be written (${String(code)})`;
  return new RatchetError('invalid_request', `${file} ${reason}`, { cause });
}
