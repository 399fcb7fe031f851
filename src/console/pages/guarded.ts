import type { Context } from 'hono';
import { errorCodes, RatchetError } from '../../domain/ratchet-error.ts';
import type { ConsoleEnv } from '../actor.ts';
import { failure } from './failure.ts';
import type { Present } from './present.ts';

/** Shows a failure as a page; the text of an error that is not ours stays inside. */
export async function guarded(
  context: Context<ConsoleEnv>,
  present: Present,
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof RatchetError ? error.code : 'internal';
    const reason = error instanceof RatchetError ? error.message : 'an unexpected error';
    return present(context, failure(code, reason), errorCodes[code].status);
  }
}
