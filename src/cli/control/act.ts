import { RatchetError } from '../../domain/ratchet-error.ts';
import { exitCodes } from '../cli-command.ts';
import { printAnswer } from '../lines/print.ts';
import type { Control } from './control.ts';
import { withControl, type Call } from './control-options.ts';

/** What was done. */
export interface Done {
  /** The API's answer. */
  readonly whole: unknown;
  /** What changed, and how it is undone. */
  readonly lines: readonly string[];
}

/**
 * Changes something and says what was done. `failing` begins the message where that cannot be, such as `c1 was not
 * approved`. Resolves to the exit code.
 */
export async function act(
  call: Call,
  failing: string,
  work: (control: Control) => Promise<Done>,
): Promise<number> {
  const { whole, lines } = await withControl(call, 'writer', work).catch((error: unknown) => {
    if (!(error instanceof RatchetError) || error.code !== 'conflict') throw error;
    throw new RatchetError('conflict', `${failing}: ${error.message}`, { cause: error });
  });
  printAnswer(call.context, call.options, { whole, lines: () => lines });
  return exitCodes.ok;
}

/** The body of an action that needs no word of its own. */
export function reasonOf({ reason }: { readonly reason?: string }): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
}
