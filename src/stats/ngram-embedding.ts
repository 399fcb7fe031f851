/** Length of the vectors. Two of some thousand n-grams that fall together cost little, since half of them cancel. */
export const ngramDimensions = 1024;

const gramLengths = [3, 4, 5];

/**
 * A text as a vector of its character n-grams (3 to 5) and words, for when no model embeds: texts that share words and
 * stems point the same way, whatever they mean. Same text, same vector, on every machine.
 *
 * Upper case, white space and compatible forms do not count. Each n-gram of the text, with a space before and behind
 * it, goes with ± (1 + log of how often it occurs) into one of 1,024 places, both by a hash (FNV-1a), and the vector has
 * length 1; a text of nothing but white space gives zeros. Feature hashing: Weinberger et al., "Feature hashing for large
 * scale multitask learning" (ICML 2009); n-grams of characters: Bojanowski et al., "Enriching word vectors with subword
 * information" (TACL 2017).
 */
export function ngramEmbedding(text: string): Float32Array {
  const vector = new Float32Array(ngramDimensions);
  for (const [gram, count] of countGrams(text)) {
    const hash = hashOf(gram);
    const place = hash % ngramDimensions;
    const sign = hash & 0x8000_0000 ? -1 : 1;
    vector[place] = (vector[place] ?? 0) + sign * (1 + Math.log(count));
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function countGrams(text: string): ReadonlyMap<string, number> {
  const folded = text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  const grams = new Map<string, number>();
  if (folded === '') return grams;
  const count = (gram: string): void => void grams.set(gram, (grams.get(gram) ?? 0) + 1);
  const padded = ` ${folded} `;
  for (const length of gramLengths)
    for (let start = 0; start + length <= padded.length; start++) count(padded.slice(start, start + length));
  for (const word of folded.split(' ')) count(`word ${word}`);
  return grams;
}

/** FNV-1a over UTF-16 code units with a final mix, so that place and sign hang on every character. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
