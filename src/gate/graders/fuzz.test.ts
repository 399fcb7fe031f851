import fc from 'fast-check';
import { expect, test } from 'vitest';
import { damaged, hostileJson } from '../../domain/hostile-json.case.ts';
import { testPattern } from './bounded-pattern.ts';
import { parseJudgement } from './judgement.schema.ts';
import { isValidJson, schemaViolations } from './validate-json.ts';
import { gradeOfAnswer } from './webhook.schema.ts';

test('whatever a judge answers is a judgement, or nothing', () => {
  const sound = { reason: 'r', first_passes: true, second_passes: false, better: 'first' };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.oneof(hostileJson, damaged(sound)).map((value) => JSON.stringify(value)),
      ),
      (text) => {
        const judgement = parseJudgement(text);
        if (judgement === undefined) return;
        expect(['first', 'second', 'neither']).toContain(judgement.better);
        expect([typeof judgement.firstPasses, typeof judgement.secondPasses]).toEqual(['boolean', 'boolean']);
      },
    ),
    { numRuns: 500 },
  );
});

test('whatever a webhook answers is a score within its bounds, or missing', () => {
  fc.assert(
    fc.property(fc.oneof(hostileJson, damaged({ score: 0.5, reason: 'r' })), (value) => {
      const grade = gradeOfAnswer(value);
      if (grade.kind === 'missing') return;
      expect(grade.score).toBeGreaterThanOrEqual(0);
      expect(grade.score).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});

test('whatever is declared as a JSON schema, an answer fits it, or does not, or nobody can tell', () => {
  const sound = { type: 'object', properties: { a: { type: 'string', pattern: '^a' } }, required: ['a'] };
  fc.assert(
    fc.property(fc.oneof(hostileJson, damaged(sound)), hostileJson, (schema, answer) => {
      expect([true, false, undefined]).toContain(isValidJson(schema, answer));
      expect(schemaViolations(schema, answer).length).toBeLessThanOrEqual(5);
    }),
    { numRuns: 300 },
  );
});

test('a pattern that fits finds what a plain search finds', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 });
  fc.assert(
    fc.property(letters, letters, (searched, text) => {
      expect(testPattern(searched, '', text)).toBe(text.includes(searched));
    }),
  );
});

test.each(['(a+)+$', '(a|a)*$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]$', String.raw`(a*)*\1$`])(
  'the pattern %s is stopped on a long answer',
  (pattern) => {
    const startedAt = performance.now();
    try {
      testPattern(pattern, '', `${'a'.repeat(100_000)}!`);
    } catch {
      // Time is up: the grade is missing.
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  },
);
