/** Letters of other scripts that look like Latin ones, in words of mixed scripts. */
const lookalikes: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  і: 'i',
  ј: 'j',
  ѕ: 's',
  к: 'k',
  м: 'm',
  т: 't',
  н: 'h',
  в: 'b',
  ο: 'o',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
};

/**
 * A text as a reader takes it, for patterns to look at: compatible forms and letters that imitate Latin ones replaced,
 * characters that nobody sees left out, white space but line breaks as one space, lower case.
 */
export function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}|\p{Mn}(?=\p{Mn}{3})/gu, '')
    .toLowerCase()
    .replaceAll(/[\p{L}]+/gu, (word) => (isMixed(word) ? latinOf(word) : word))
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n[ \n]*/g, '\n');
}

/** Whether a text has a word of Latin letters with some of another alphabet among them that look like Latin ones. */
export function isDisguised(text: string): boolean {
  return (text.match(/\p{L}+/gu) ?? []).some(isMixed);
}

function isMixed(word: string): boolean {
  return (
    /\p{Script=Latin}/u.test(word) && Array.from(word.toLowerCase()).some((letter) => letter in lookalikes)
  );
}

function latinOf(word: string): string {
  return Array.from(word, (letter) => lookalikes[letter] ?? letter).join('');
}
