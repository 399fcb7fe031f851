import { RatchetError } from '../../domain/ratchet-error.ts';

/** What is asked for, or `null` where it is not there any more. */
export async function orNull<Found>(asked: Promise<Found>): Promise<Found | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RatchetError && error.code.match(/^(?:not_found|unknown_\w+)$/)) return null;
    throw error;
  }
}
