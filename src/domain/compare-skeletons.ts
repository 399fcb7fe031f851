import { alignTexts } from './align-texts.ts';
import { createRuns, fixedTextOf, type Run, type Token } from './align-tokens.ts';
import { commonEnds, type Ends } from './common-ends.ts';
import { endsInLabel, isValue, type GapKind } from './gap-kind.ts';
import { slotsOf, type Segment, type Skeleton, type Slot } from './skeleton.ts';
import { hasWordsAtMost, tokenize, wordsOf } from './tokenize.ts';

/** How two skeletons, or a skeleton and a prompt, differ. */
export interface Difference {
  /** The least general skeleton that both are instances of. */
  readonly skeleton: Skeleton;
  /** Share of the first one's fixed text, by characters, that the other one keeps, [0, 1]. */
  readonly kept: number;
  readonly gaps: readonly Gap[];
}

export interface Gap {
  /** The slot that stands here in the least general skeleton. */
  readonly slot: Slot;
  readonly kind: GapKind;
  /** Whether a slot that may hold any text was here before. */
  readonly isOpen: boolean;
}

/** Words between two gaps that make fixed text: as many as the shorter gap has, within these limits. */
const fixedWordsMin = 3;
const fixedWordsEnough = 12;

/** How often runs are joined at most; after a few times nothing changes. */
const passesMax = 6;

/** Tokens that a value has at most: twelve words with marks and space between them. */
const shortTokensMax = 48;

/** Words that a slot for values may always have, and how many times the most that were seen. */
const slotWordsMin = 4;
const slotWordsFactor = 2;

/**
 * Compares word by word what is left between the beginning and the end that both have. Two prompts share single words by
 * chance, the more the longer the places are where they differ; so what stands between two such places counts as fixed
 * text only with as many words as the shorter of them has, three at least and twelve at most; or with three where it is
 * whole lines; or as a label such as `"plan":`; or with one word where both places hold values. Slots keep the names of
 * the first one.
 */
export function compareSkeletons(one: Skeleton, other: Skeleton): Difference {
  const ends = commonEnds(one.segments, other.segments);
  const whole = joinWeakRuns(withEnds(alignTexts(ends.one, ends.other), ends));
  const names = createNames(one, whole);
  const gaps: Gap[] = [];
  const segments = whole.map((run, index): Segment => {
    if (run.kind === 'common') return { kind: 'text', text: run.text };
    const gap = gapOf(run, names(run), [textOf(whole[index - 1]), textOf(whole[index + 1])]);
    gaps.push(gap);
    return gap.slot;
  });
  const fixedLength = textLength(one.segments);
  return { skeleton: { segments }, gaps, kept: fixedLength === 0 ? 0 : textLength(segments) / fixedLength };
}

type GapRun = Extract<Run, { kind: 'gap' }>;

function withEnds(runs: readonly Run[], { head, tail }: Ends): readonly Run[] {
  const whole: Run[] = [...runs];
  const first = whole[0];
  if (head !== '')
    if (first?.kind === 'common') whole[0] = { kind: 'common', text: head + first.text };
    else whole.unshift({ kind: 'common', text: head });
  const last = whole.at(-1);
  if (tail !== '')
    if (last?.kind === 'common') whole[whole.length - 1] = { kind: 'common', text: last.text + tail };
    else whole.push({ kind: 'common', text: tail });
  return whole;
}

/**
 * Common runs between two gaps that are too short to be more than chance join these to one. What was long enough beside
 * short gaps may not be so beside joined ones.
 */
function joinWeakRuns(runs: readonly Run[]): readonly Run[] {
  let joined = runs;
  for (let pass = 0; pass < passesMax; pass += 1) {
    const shorter = joinOnce(joined);
    if (shorter.length === joined.length) return shorter;
    joined = shorter;
  }
  return joined;
}

function joinOnce(runs: readonly Run[]): readonly Run[] {
  const joined = createRuns();
  for (const [index, run] of runs.entries()) {
    if (run.kind === 'gap') {
      joined.addGap(run.one, run.other);
      continue;
    }
    const gap = joined.runs.at(-1);
    const next = runs[index + 1];
    const isBetween = gap?.kind === 'gap' && next?.kind === 'gap';
    if (!isBetween || isFixed(run.text, gap, joined.runs.at(-2), next)) joined.addCommon([run.text]);
    else joined.addGap(tokenize(run.text), tokenize(run.text));
  }
  return joined.runs;
}

/** Whether what stands between two gaps is fixed text, rather than words that they share by chance. */
function isFixed(text: string, gap: GapRun, before: Run | undefined, next: GapRun): boolean {
  if (hasWordsAtMost(text, 0)) return false;
  // A piece between the same two slots of both is what each has learned by itself.
  const sides = [gap.one.at(-1), gap.other.at(-1), next.one[0], next.other[0]];
  if (sides.every((token) => typeof token === 'object')) return true;
  if (endsInLabel(text)) return true;
  const isLine = /^[^\S\n]*[.,;:!?]?\s*\n[^]*\n/u.test(text);
  const words = isLine ? fixedWordsMin : Math.min(lengthOf(gap), lengthOf(next));
  if (!hasWordsAtMost(text, Math.max(words, fixedWordsMin) - 1)) return true;
  return isShortValue(gap, textOf(before), text) && isShortValue(next, text, '');
}

/** Words on the longer side of a gap, as far as they are counted. */
function lengthOf({ one, other }: GapRun): number {
  const lengths = [one, other].map((side) => {
    const words = wordsOf(fixedTextOf(side.slice(0, shortTokensMax))).length + roomOf(side);
    return Math.min(words, fixedWordsEnough);
  });
  return Math.max(...lengths);
}

function isShortValue({ one, other }: GapRun, before: string, after: string): boolean {
  return [one, other].every(
    (side) =>
      roomOf(side) < Infinity && side.length <= shortTokensMax && isValue(fixedTextOf(side), before, after),
  );
}

function gapOf(run: GapRun, name: string, around: readonly [before: string, after: string]): Gap {
  const { one, other } = run;
  const slots = [...one, ...other].filter((token) => typeof token !== 'string');
  const isUnbounded = slots.some(({ wordsMax }) => wordsMax === undefined);
  const kind = kindOf(run, isUnbounded, around);
  const isOpen = one.some((token) => typeof token !== 'string' && token.wordsMax === undefined);
  const slot: Slot = { kind: 'slot', name };
  if (isUnbounded || kind === 'labelled' || kind === 'text') return { slot, kind, isOpen };
  const seen = [one, other].map((side) => wordsOf(beginningOf(side)).length);
  // An earlier prompt may have filled every slot here to its limit.
  const room = [one, other].map((side, index) => (seen[index] ?? 0) + roomOf(side));
  const wordsMax = Math.max(slotWordsMin, slotWordsFactor * Math.max(...seen), ...room);
  return { slot: { ...slot, wordsMax }, kind, isOpen };
}

function kindOf(
  { one, other }: GapRun,
  isUnbounded: boolean,
  [before, after]: readonly [string, string],
): GapKind {
  const [text, otherText] = [beginningOf(one), beginningOf(other)];
  const isSlot = one.some((token) => typeof token !== 'string') && hasWordsAtMost(text, 0);
  if (isSlot && (isUnbounded || hasWordsAtMost(otherText, roomOf(one)))) return 'filled';
  const isShort = Math.max(one.length, other.length) <= shortTokensMax;
  if (isShort && [text, otherText].every((side) => isValue(side, before, after))) return 'value';
  return endsInLabel(before) ? 'labelled' : 'text';
}

/** As much of the fixed text of a side as tells whether it is a value: one token more than a value may have. */
function beginningOf(side: readonly Token[]): string {
  return fixedTextOf(side.slice(0, shortTokensMax + 1));
}

/** Words that the slots of a side may hold. */
function roomOf(side: readonly Token[]): number {
  return side.reduce(
    (sum, token) => sum + (typeof token === 'string' ? 0 : (token.wordsMax ?? Number.POSITIVE_INFINITY)),
    0,
  );
}

/** Names a gap after the slots that it takes in, else by the next free number. */
function createNames(one: Skeleton, runs: readonly Run[]): (run: GapRun) => string {
  const own = new Set(slotsOf(one).map(({ name }) => name));
  const used = new Set<string>();
  const text = runs.map((run) => (run.kind === 'common' ? run.text : '')).join('');
  let next = 0;
  const fresh = (): string => {
    do next += 1;
    while (own.has(`slot${next}`) || used.has(`slot${next}`) || text.includes(`{{slot${next}}}`));
    return `slot${next}`;
  };
  return (run) => {
    const known =
      namesOf(run.one).find((name) => !used.has(name)) ??
      namesOf(run.other).find((name) => !used.has(name) && !own.has(name));
    const name = known ?? fresh();
    used.add(name);
    return name;
  };
}

function namesOf(side: readonly Token[]): readonly string[] {
  return side.flatMap((token) => (typeof token === 'string' ? [] : [token.name]));
}

function textOf(run: Run | undefined): string {
  return run?.kind === 'common' ? run.text : '';
}

function textLength(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + (segment.kind === 'text' ? segment.text.length : 0), 0);
}
