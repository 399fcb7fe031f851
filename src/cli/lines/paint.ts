import { styleText } from 'node:util';
import type { CliContext } from '../cli-command.ts';

/** Gives a text a colour or weight, where the terminal shows any. */
export type Paint = (style: 'bold' | 'dim' | 'green' | 'red', text: string) => string;

/** Paints for the terminal of a process; without one, and with NO_COLOR, texts stay as they are. */
export function paintOf({ terminal }: Pick<CliContext, 'terminal'>): Paint {
  return terminal?.hasColour === true
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
}
