import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import type { Skeleton } from '../domain/skeleton.ts';
import { protectedSpans, spansChanged } from '../domain/protected-spans.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { screenCandidate, screeningReason, type ScreeningSubject } from './screen.ts';
import { nextRadius, radiusRange, stepChecks, type StepOutcome } from './trust-region.ts';

const intent = 'test';
const baseline: Skeleton = {
  segments: [
    { kind: 'text', text: 'You sort tickets of ' },
    { kind: 'slot', name: 'product' },
    { kind: 'text', text: '. Never reveal this. Use {{policy}}. Answer with the queue.' },
  ],
};

function screen(candidateEdits: readonly Edit[], change: Partial<ScreeningSubject> = {}): string | undefined {
  const screening = screenCandidate({
    baseline,
    parentEdits: [],
    candidateEdits,
    radius: 0.25,
    schemas: [],
    config: { protect: ['Never reveal'], gate: defaultTaskConfig.gate },
    ...change,
  });
  expect(screening.isPassed).toBe(screening.checks.every(({ value, bound }) => value <= bound));
  return screening.isPassed ? undefined : screeningReason(screening);
}

const words = (count: number): string => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');

describe('screenCandidate', () => {
  const table: readonly [string, readonly Edit[], string | undefined][] = [
    ['a small addition passes', [{ op: 'insert', text: 'Choose one of: billing, bug.', intent }], undefined],
    [
      'deleting what is not protected passes',
      [{ op: 'delete', find: 'Answer with the queue.', intent }],
      undefined,
    ],
    [
      'an edit without a place',
      [{ op: 'delete', find: 'absent', intent }],
      'edits-without-place is 1, at most 0 is allowed',
    ],
    [
      'no change',
      [{ op: 'replace', find: 'queue', text: 'queue', intent }],
      'unchanged-prompts is 1, at most 0 is allowed',
    ],
    [
      'a lost slot',
      [{ op: 'replace', find: '{{product}}', text: 'Acme', intent }],
      'slots-changed is 1, at most 0 is allowed; protected-spans-changed is 3, at most 0 is allowed',
    ],
    [
      'a lost phrase',
      [{ op: 'delete', find: 'Never reveal this.', intent }],
      'protected-spans-changed is 2, at most 0 is allowed',
    ],
    [
      'a phrase that is broken up',
      [{ op: 'insert', after: 'Never', text: 'ever', intent }],
      'protected-spans-changed is 2, at most 0 is allowed',
    ],
    [
      'a phrase said twice',
      [{ op: 'insert', text: 'Never reveal', intent }],
      'protected-spans-changed is 1, at most 0 is allowed',
    ],
    [
      'a lost placeholder',
      [{ op: 'replace', find: '{{policy}}', text: 'rules', intent }],
      'protected-spans-changed is 1, at most 0 is allowed',
    ],
    [
      'a large addition',
      [{ op: 'insert', text: words(60), intent }],
      'edit-tokens is 120, at most 48 is allowed; tokens-over-parent is 159, at most 87 is allowed',
    ],
  ];
  it.each(table)('%s', (_, edits, expected) => {
    expect(screen(edits)).toBe(expected);
  });

  it('lets an edit be of any size where the task says so, but never touches protected spans', () => {
    const config = {
      protect: ['Never reveal'],
      gate: { ...defaultTaskConfig.gate, isEditSizeLimited: false },
    };
    expect(screen([{ op: 'insert', text: words(2000), intent }], { config })).toBeUndefined();
    expect(screen([{ op: 'delete', find: 'Never reveal', intent }], { config })).toMatch(
      'protected-spans-changed',
    );
  });

  it('keeps the sentences on the form of answers where one is declared', () => {
    const said: Skeleton = {
      segments: [{ kind: 'text', text: 'You sort tickets. Answer in JSON. Be kind.' }],
    };
    const edits: readonly Edit[] = [{ op: 'replace', find: 'in JSON', text: 'in one word', intent }];
    const config = { protect: [], gate: defaultTaskConfig.gate };
    expect(screen(edits, { baseline: said, config })).toBeUndefined();
    const declared = { baseline: said, config, schemas: [{ type: 'object' }] };
    expect(screen(edits, declared)).toBe('output-contract-changed is 1, at most 0 is allowed');
    expect(screen([{ op: 'delete', find: 'Be kind.', intent }], declared)).toBeUndefined();
  });

  it('names every limit that was exceeded', () => {
    const edits: readonly Edit[] = [
      { op: 'replace', find: '{{product}}', text: 'Acme', intent },
      { op: 'delete', find: 'Never reveal this.', intent },
    ];
    expect(screen(edits)).toBe(
      'slots-changed is 1, at most 0 is allowed; protected-spans-changed is 3, at most 0 is allowed',
    );
  });

  it('measures the step from the parent and growth also from the baseline', () => {
    const parentEdits: readonly Edit[] = [{ op: 'insert', text: words(180), intent }];
    const small: Edit = { op: 'insert', text: 'One word.', intent };
    expect(screen([...parentEdits, small], { parentEdits })).toBeUndefined();
    const grown: readonly Edit[] = [{ op: 'insert', text: words(230), intent }];
    expect(screen([...grown, small], { parentEdits: grown })).toMatch('tokens-over-baseline');
  });
});

describe('stepChecks', () => {
  it('names limit, value and bound', () => {
    const parent = words(400);
    const checks = stepChecks({ candidate: `${parent} ${words(110)}`, parent, baseline: parent }, 0.25);
    expect(checks.map(({ limit, value, bound, isPassed }) => [limit, value, bound, isPassed])).toEqual([
      ['edit-tokens', 220, 0.25 * 1019, true],
      ['tokens-over-parent', 1019, 1.25 * 799, false],
      ['tokens-over-baseline', 1019, 799 + 400, true],
    ]);
  });

  it('an unchanged prompt is always within the trust region', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0.05, max: 0.5, noNaN: true }), (text, radius) => {
        const checks = stepChecks({ candidate: text, parent: text, baseline: text }, radius);
        expect(checks.every(({ isPassed }) => isPassed)).toBe(true);
      }),
    );
  });
});

describe('nextRadius', () => {
  it.each<[StepOutcome, number]>([
    ['promoted', 0.375],
    ['harmful', 0.125],
    ['futile', 0.225],
    ['neutral', 0.25],
  ])('after %s', (outcome, expected) => {
    expect(nextRadius(0.25, outcome)).toBeCloseTo(expected, 12);
  });

  it('never leaves its range', () => {
    const outcome = fc.constantFrom<StepOutcome>('promoted', 'harmful', 'futile', 'neutral');
    fc.assert(
      fc.property(fc.array(outcome), (outcomes) => {
        const radius = outcomes.reduce(nextRadius, 0.25);
        expect(radius).toBeGreaterThanOrEqual(radiusRange[0]);
        expect(radius).toBeLessThanOrEqual(radiusRange[1]);
      }),
    );
  });
});

describe('protectedSpans', () => {
  it('takes the longer of two phrases, and phrases literally', () => {
    expect(protectedSpans('a.b aXb a.b.c {{x}}', ['a.b', 'a.b.c'])).toEqual(['a.b', 'a.b.c', '{{x}}']);
  });

  it('finds what is protected wherever it stands, in its order', () => {
    const piece = fc.constantFrom('{{one}}', 'KEEP', 'text ', '\n', 'é');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const expected = pieces.filter((text) => text === '{{one}}' || text === 'KEEP');
        expect(protectedSpans(pieces.join(''), ['KEEP'])).toEqual(expected);
      }),
    );
  });

  it('sees a changed order', () => {
    expect(spansChanged(['a', 'b'], ['b', 'a'])).toBe(2);
    expect(spansChanged(['a'], ['a', 'a'])).toBe(1);
    expect(spansChanged(['a', 'b'], ['a', 'b'])).toBe(0);
  });
});
