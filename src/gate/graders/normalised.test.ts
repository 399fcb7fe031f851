import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraderConfig, TextFeature } from '../../domain/grader.ts';
import type { Subject } from './grader.ts';
import { normalised, withoutFeatures } from './normalised.ts';

type Config = Extract<GraderConfig, { kind: 'normalised' }>;
const request = { model: 'm', messages: [] };
const usual: readonly TextFeature[] = ['case', 'unicode', 'whitespace', 'punctuation'];

function grade(text: string, expected: string | null, change: Partial<Config> = {}): number | 'missing' {
  const config: Config = { kind: 'normalised', ignore: usual, match: 'whole', weight: 1, ...change };
  const answer: Subject['answer'] = { text, toolCalls: [], finishReason: 'stop', refusal: null };
  const found = 'grade' in normalised ? normalised.grade(config, { answer, request, expected }) : undefined;
  return found?.kind === 'score' ? found.score : 'missing';
}

describe('normalised', () => {
  it.each<[string, string, string, Partial<Config>, number]>([
    [
      'case, space and signs inside',
      'State-of-the-art,  it\u2019s “new”',
      "state of the art its 'new'",
      {},
      1,
    ],
    ['wide and narrow forms', '\uFB01ne \uFF12', 'fine 2', {}, 1],
    ['another word', 'billing', 'bug', {}, 0],
    ['signs of numbers count', '-5', '5', {}, 0],
    ['points of numbers count', '1.5', '15', {}, 0],
    ['money counts', '$3', '3', {}, 0],
    ['what is only signs is itself', '+', '-', {}, 0],
    ['accents count', 'cafe', 'café', {}, 0],
    ['unless they are ignored', 'cafe', 'CAFÉ', { ignore: [...usual, 'accents'] }, 1],
    ['articles count', 'the queue', 'queue', {}, 0],
    [
      'unless they are ignored, as whole words',
      'The queue, athena',
      'queue athena',
      { ignore: [...usual, 'articles'] },
      1,
    ],
    ['byte for byte with nothing ignored', 'Bug', 'bug', { ignore: [] }, 0],
    ['byte for byte, equal', 'Bug ', 'Bug ', { ignore: [] }, 1],
    ['contains', 'It belongs to Billing.', 'billing', { match: 'contains' }, 1],
    ['contains whole words only', 'the debugger', 'bug', { match: 'contains' }, 0],
    ['contains a later whole word', 'debug, then bug', 'bug', { match: 'contains' }, 1],
    ['contains does not mean is contained', 'bug', 'bug report', { match: 'contains' }, 0],
    ['an empty ground truth is in nothing', 'bug', '', { match: 'contains' }, 0],
  ])('%s', (_, text, expected, ...[change, score]) => {
    expect(grade(text, expected, change)).toBe(score);
  });

  it('cannot tell without ground truth', () => {
    expect(grade('x', null)).toBe('missing');
  });

  it('grades every text right against itself, whatever is ignored', () => {
    const all: readonly TextFeature[] = [...usual, 'accents', 'articles'];
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.subarray([...all]), (text, ignore) => {
        expect(grade(text, text, { ignore })).toBe(1);
      }),
      {
        examples: [
          [' ', []],
          ['\t', ['whitespace']],
          ['+', ['punctuation']],
        ],
      },
    );
  });

  it('finds nothing left to remove when it looks again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = withoutFeatures(text, ['case', 'whitespace']);
        expect(withoutFeatures(once, ['case', 'whitespace'])).toBe(once);
      }),
    );
  });
});
