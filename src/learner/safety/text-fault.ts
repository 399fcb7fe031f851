import type { DropReason } from '../drop-reason.ts';
import { linksIn } from './links.ts';
import { isDisguised } from './plain-text.ts';
import { sensitiveParts } from './sensitive-text.ts';
import { isSteering } from './steering.ts';

/**
 * Why a text may not be written into a prompt, whoever proposes it and whatever it is worth: it names personal data, a
 * secret or a link, is written to somebody else than the assistant, or is disguised. What the prompt says already, `own`,
 * is its developer's. `undefined` where nothing is wrong.
 */
export function textFault(text: string, own: string): DropReason | undefined {
  const isForeign = (part: string): boolean => !own.includes(part);
  const parts = sensitiveParts(text).filter((part) => isForeign(part.text));
  if (parts.some(({ kind }) => kind === 'secret')) return 'holds-secret';
  if (parts.length > 0) return 'holds-personal-data';
  if (linksIn(text).some(isForeign)) return 'adds-link';
  if (isDisguised(text) && !isDisguised(own)) return 'disguised';
  return isSteering(text, own) ? 'steers-machinery' : undefined;
}
