import { RatchetError } from '../../domain/ratchet-error.ts';

/** Longest form, bytes. */
const formBytesMax = 1024 * 1024;

/** The fields of a form that was sent; the last one of a name counts. Rejects what is no form, or too long a one. */
export async function readForm(request: Request): Promise<Readonly<Record<string, string>>> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new RatchetError('unsupported_media_type', 'send a form (application/x-www-form-urlencoded)');
  const bytes: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > formBytesMax)
      throw new RatchetError('payload_too_large', `the form is longer than ${formBytesMax} bytes`);
    bytes.push(chunk);
  }
  return Object.fromEntries(new URLSearchParams(Buffer.concat(bytes).toString('utf8')));
}
