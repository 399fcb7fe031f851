/** Fewest bits that a secret of 16 random characters of base64url shows, measured so. */
const bitsMin = 52;
/** What a letter of written words tells; Shannon (1951) found 0.6 to 1.3 bits in English. */
const bitsOfWordLetter = 1.3;

/** How hard a secret is to guess, as far as that can be seen. */
export interface SecretStrength {
  readonly isStrong: boolean;
  /** What is wrong with it; `null`: nothing that can be seen. */
  readonly weakness: string | null;
}

/**
 * Whether a secret looks as if it were random: the entropy of its characters' frequencies, times their number. Letters of
 * one case with signs between them count as words, which tell less. A secret that looks random may still be known.
 */
export function strengthOf(secret: string): SecretStrength {
  if (frequencyBits(secret) < bitsMin)
    return { isStrong: false, weakness: 'has too few different characters' };
  const isWords = /^([a-z]+|[A-Z]+)([-_. ]([a-z]+|[A-Z]+))*$/.test(secret);
  return isWords && secret.length * bitsOfWordLetter < bitsMin
    ? { isStrong: false, weakness: 'looks like words' }
    : { isStrong: true, weakness: null };
}

function frequencyBits(secret: string): number {
  const characters = Array.from(secret);
  const counts = Map.groupBy(characters, (character) => character).values();
  return [...counts].reduce((bits, { length }) => bits + length * Math.log2(characters.length / length), 0);
}
