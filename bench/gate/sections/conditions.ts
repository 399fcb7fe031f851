import type { TestTerms } from '../../../src/domain/test-terms.ts';
import { createSeededRandom } from '../../../src/runtime/seeded-random.ts';
import { withSlice } from '../../../src/gate/slice-ledgers.ts';
import { isAbout, isAtMost } from '../binomial-bound.ts';
import { percent, runsAt, type Figure, type RunSettings, type Section } from '../figure.ts';
import { median } from '../median.ts';
import { binaryWorld, gradedWorld, type PairWorld } from '../pair-worlds.ts';
import { runTrial, usualTerms, type TrialEnd } from '../trial.ts';

const section = 'slices';

/** Nothing but superiority and the slices ends a test. */
const patient: TestTerms = { ...usualTerms, mde: -0.5 };
const declared: TestTerms = { ...patient, slices: [{ name: 'small', margin: 0.1 }] };

/** Required guardrails, of which one is broken by just its margin. */
const guarded: TestTerms = {
  ...patient,
  guardrails: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, margin: 0.05, isRequired: true })),
};

/** Slices and guardrails: what helps most and hurts some. */
export const conditions: Section = {
  name: section,
  summary: 'an edit that helps most requests and hurts a segment, or breaks one guardrail of five',
  run: (settings) => [
    ...sliceFigures(binaryWorld(0.2), settings, { none: 0.81, veto: 0.75, required: 0.01, good: 0.88 }),
    ...sliceFigures(gradedWorld, settings, { none: 1, veto: 0.97, required: 0, good: 1 }),
    ...guardrailFigures(settings),
  ],
};

/** Promotions of an edit worth +.05, and in one request of ten `inSlice`. */
export function runSliced(
  world: PairWorld,
  {
    terms,
    isCounted,
    inSlice,
    runs,
    seed,
  }: {
    readonly terms: TestTerms;
    /** Whether requests tell their segment. */
    readonly isCounted: boolean;
    readonly inSlice: number;
    readonly runs: number;
    readonly seed: number;
  },
): readonly TrialEnd[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: runs }, () =>
    runTrial(
      () => {
        const isSmall = random.next() < 0.1;
        const primary = world.draw(isSmall ? inSlice : 0.05, random);
        return withSlice({ primary }, isSmall && isCounted ? 'small' : null);
      },
      { terms, alphaLevel: 0.05 },
    ),
  );
}

function promoted(ends: readonly TrialEnd[]): readonly TrialEnd[] {
  return ends.filter(({ kind }) => kind === 'promote');
}

function sliceFigures(
  world: PairWorld,
  settings: RunSettings,
  known: { readonly none: number; readonly veto: number; readonly required: number; readonly good: number },
): readonly Figure[] {
  const runs = runsAt(settings, 400, 60);
  const tell = (label: string, found: readonly TrialEnd[], about: number): Figure => ({
    section,
    label: `${world.name}: ${label}`,
    measured: `${percent(found.length / runs)} after ${median(found.map(({ pairs }) => pairs)) ?? '–'}`,
    promise: `about ${percent(about)}`,
    isKept: isAbout(found.length, runs, { chance: about, slack: 0.08 }),
  });
  const common = { runs, inSlice: -0.1, seed: settings.seed };
  const required = promoted(runSliced(world, { ...common, terms: declared, isCounted: true }));
  const good = { ...common, inSlice: 0.05, terms: declared, isCounted: true };
  return [
    tell(
      'hurts a tenth by .10, no rule',
      promoted(runSliced(world, { ...common, terms: patient, isCounted: false })),
      known.none,
    ),
    tell(
      'the same, the segment discovered (veto)',
      promoted(runSliced(world, { ...common, terms: patient, isCounted: true })),
      known.veto,
    ),
    {
      ...tell('the same, the segment declared', required, known.required),
      promise: '≤ 5 %',
      isKept: isAtMost(required.length, runs, 0.05),
    },
    tell('hurts nobody, the segment declared', promoted(runSliced(world, good)), known.good),
  ];
}

function guardrailFigures(settings: RunSettings): readonly Figure[] {
  const runs = runsAt(settings, 400, 100);
  return [
    { isStrict: false, alphaLevel: 1 / 20, bound: 0.05 },
    // The level of the first test in a block, which a strict test keeps for guardrails too.
    { isStrict: true, alphaLevel: 1 / 500, bound: 1 / 500 },
  ].map(({ isStrict, alphaLevel, bound }): Figure => {
    const hits = runBroken({ ...guarded, isStrict }, alphaLevel, { runs, seed: settings.seed });
    return {
      section,
      label: `one guardrail of five broken by its margin, ${isStrict ? 'strict' : 'E ≥ 20 each'}`,
      measured: percent(hits / runs),
      promise: `≤ ${percent(bound)} (intersection-union)`,
      isKept: isAtMost(hits, runs, bound),
    };
  });
}

/** Promotions of an edit worth +.05 that breaks the first guardrail by exactly its margin. */
export function runBroken(
  terms: TestTerms,
  alphaLevel: number,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): number {
  const random = createSeededRandom(seed);
  const steady = binaryWorld(0.1);
  let hits = 0;
  for (let run = 0; run < runs; run++) {
    const end = runTrial(
      () => ({
        primary: gradedWorld.draw(0.05, random),
        a: steady.draw(-0.05, random),
        ...Object.fromEntries(['b', 'c', 'd', 'e'].map((name) => [name, 0])),
      }),
      { terms, alphaLevel },
    );
    if (end.kind === 'promote') hits++;
  }
  return hits;
}
