const syllables = 'ka ro mi sen to va lu ne por ti sha do bel gra ün é mo ris “quo” fa'.split(' ');

/**
 * Words without a sense, the same ones for the same topic and other ones for another, so that prompts about different
 * topics have little in common. Some characters take several bytes, as in life. `length` is in characters.
 */
export function prose(topic: string, length: number): string {
  let state = Buffer.from(topic).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
  // The generator of Park and Miller (1988).
  const next = (bound: number): number => {
    state = ((state % 2_147_483_646) + 1) * 48_271;
    state %= 2_147_483_647;
    return state % bound;
  };
  let text = '';
  while (text.length < length) {
    const word = Array.from({ length: 1 + next(3) }, () => syllables[next(syllables.length)] ?? '').join('');
    text += word + (next(9) === 0 ? '. ' : ' ');
  }
  return text.slice(0, Math.floor(length));
}
