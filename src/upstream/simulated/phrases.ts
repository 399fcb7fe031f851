/** Text with case and white space folded, as phrases are compared. */
export function foldText(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** Finds which of some named phrase lists speak in a text; phrases are folded once. */
export function createPhraseFinder(
  lists: readonly { readonly any: readonly string[] }[],
): (text: string) => readonly number[] {
  const folded = lists.map(({ any }) => any.map(foldText));
  return (text) => {
    const haystack = foldText(text);
    return folded.flatMap((phrases, index) =>
      phrases.some((phrase) => haystack.includes(phrase)) ? [index] : [],
    );
  };
}
