/** What no edit may touch, in the order in which it stands: placeholders such as `{{name}}`, and given phrases. */
export function protectedSpans(text: string, phrases: readonly string[]): readonly string[] {
  return text.match(patternOf(phrases)) ?? [];
}

/** In how many places two ordered lists of spans differ, byte for byte; 0 when all survived in their order. */
export function spansChanged(before: readonly string[], after: readonly string[]): number {
  const length = Math.max(before.length, after.length);
  let changed = 0;
  for (let place = 0; place < length; place++) if (before[place] !== after[place]) changed++;
  return changed;
}

/** Patterns of the lists of phrases that are in use, since every rendered prompt is held against its own. */
const patterns = new WeakMap<readonly string[], RegExp>();

function patternOf(phrases: readonly string[]): RegExp {
  const known = patterns.get(phrases);
  if (known !== undefined) return known;
  // Of two phrases that begin alike the longer one is meant.
  const wanted = phrases
    .filter((phrase) => phrase !== '')
    .toSorted((one, other) => other.length - one.length)
    .map((phrase) => phrase.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  const pattern = new RegExp([...wanted, String.raw`\{\{[^{}]*\}\}`].join('|'), 'g');
  patterns.set(phrases, pattern);
  return pattern;
}
