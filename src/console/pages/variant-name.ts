import type { Edit } from '../../domain/edit.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import { shortId } from './format.ts';

/** Longest name, characters. */
const nameMax = 60;

/** What a variant is called: what its last edit is for, since ids say nothing. */
export function variantName(id: string, edits: readonly Edit[] = []): string {
  if (id === baselineVariantId) return 'own prompt';
  const intent = (edits.at(-1)?.intent ?? '').replaceAll(/\s+/g, ' ').trim();
  if (intent === '') return shortId(id);
  return intent.length > nameMax ? `${intent.slice(0, nameMax - 1).toWellFormed()}…` : intent;
}
