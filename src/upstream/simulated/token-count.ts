import { countTokens, encode } from 'gpt-tokenizer/encoding/o200k_base';
import { remember } from './remember.ts';

const rememberedMax = 20_000;

/** Longer texts are counted anew each time, which bounds what is remembered. */
const rememberedLengthMax = 10_000;

/** Text of users may spell special tokens; they count as the plain text that they are. */
const plainText = { disallowedSpecial: new Set<string>() };

/** Tokens of a text with the encoding `o200k_base`. */
export type TokenCount = (text: string) => number;

/** Counts tokens and remembers what it has counted. */
export function createTokenCount(): TokenCount {
  const known = remember(count, rememberedMax);
  return (text) => (text.length > rememberedLengthMax ? count(text) : known(text));
}

function count(text: string): number {
  return countTokens(text, plainText);
}

/** The tokens themselves. */
export function tokensOf(text: string): readonly number[] {
  return encode(text, plainText);
}
