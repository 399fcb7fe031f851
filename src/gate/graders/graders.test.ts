import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Completion } from '../../domain/chat.ts';
import type { GraderConfig } from '../../domain/grader.ts';
import { combineGrades } from './combine.ts';
import { normalise } from './exact.ts';
import { missing, scored, type Subject } from './grader.ts';
import { gradeAnswer, gradeAtOnce, isDeterministic, rubricOf } from './graders.ts';

const request = { model: 'm', messages: [{ role: 'user', content: 'Which queue?' }] };
const tools = [
  {
    type: 'function',
    function: {
      name: 'route',
      parameters: { type: 'object', properties: { queue: { type: 'string' } }, required: ['queue'] },
    },
  },
];

function subject(text: string, more: Partial<Completion> = {}, rest: Partial<Subject> = {}): Subject {
  return {
    answer: { text, toolCalls: [], finishReason: 'stop', refusal: null, ...more },
    request,
    expected: null,
    ...rest,
  };
}

const exact: GraderConfig = { kind: 'exact', against: 'expected', weight: 1 };
const schema: GraderConfig = {
  kind: 'json-schema',
  schema: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } },
  weight: 1,
};
const toolCall: GraderConfig = { kind: 'tool-call', weight: 1 };
const pattern = (text: string, flags?: string): GraderConfig => ({
  kind: 'regex',
  pattern: text,
  ...(flags === undefined ? {} : { flags }),
  weight: 1,
});
const call = (name: string, json: string): Partial<Completion> => ({
  toolCalls: [{ name, arguments: json }],
});

describe('deterministic graders', () => {
  const table: readonly [string, GraderConfig, Subject, number | 'missing'][] = [
    ['exact: equal', exact, subject('billing', {}, { expected: 'billing' }), 1],
    [
      'exact: case, space and punctuation do not count',
      exact,
      subject(' "Billing".\n', {}, { expected: 'billing' }),
      1,
    ],
    [
      'exact: inner white space is one space',
      exact,
      subject('two\n  words', {}, { expected: 'two words' }),
      1,
    ],
    ['exact: a sign is part of the value', exact, subject('-5', {}, { expected: '5' }), 0],
    ['exact: JSON by value', exact, subject('{"a":1,"b":[2]}', {}, { expected: '{ "b": [2], "a": 1 }' }), 1],
    ['exact: other text', exact, subject('bug', {}, { expected: 'billing' }), 0],
    [
      'exact: a tool call by its arguments',
      exact,
      subject('', call('answer', '{"answer":"bug"}'), { expected: '{"answer": "bug"}' }),
      1,
    ],
    [
      'exact: a malformed tool call',
      exact,
      subject('', call('answer', '{"answer":"bug"'), { expected: '{"answer": "bug"}' }),
      0,
    ],
    ['exact: no ground truth', exact, subject('bug'), 'missing'],
    ['json-schema: valid', schema, subject('{"a": 1}'), 1],
    ['json-schema: invalid', schema, subject('{"a": "x"}'), 0],
    ['json-schema: no JSON', schema, subject('a: 1'), 0],
    [
      'json-schema: a schema that cannot be used',
      { kind: 'json-schema', schema: { $ref: 'https://example.org/absent' }, weight: 1 },
      subject('{}'),
      'missing',
    ],
    ['regex: match', pattern('^queue: \\w+$', 'm'), subject('note\nqueue: bug'), 1],
    ['regex: no match', pattern('^queue'), subject('the queue'), 0],
    ['regex: not a pattern', pattern('('), subject('('), 'missing'],
    ['regex: endless backtracking is stopped', pattern('^(a+)+$'), subject(`${'a'.repeat(40)}!`), 'missing'],
    [
      'tool-call: valid',
      toolCall,
      subject('', call('route', '{"queue":"bug"}'), { request: { ...request, tools } }),
      1,
    ],
    [
      'tool-call: arguments miss the schema',
      toolCall,
      subject('', call('route', '{}'), { request: { ...request, tools } }),
      0,
    ],
    [
      'tool-call: malformed arguments',
      toolCall,
      subject('', call('route', '{"queue"'), { request: { ...request, tools } }),
      0,
    ],
    [
      'tool-call: a tool not offered',
      toolCall,
      subject('', call('other', '{}'), { request: { ...request, tools } }),
      0,
    ],
    ['tool-call: no call', toolCall, subject('hello', {}, { request: { ...request, tools } }), 'missing'],
    [
      'tool-call: no call where one is demanded',
      toolCall,
      subject('hello', {}, { request: { ...request, tools, tool_choice: 'required' } }),
      0,
    ],
  ];
  it.each(table)('%s', (_, config, given, expected) => {
    const grade = gradeAtOnce(config, given);
    expect(grade?.kind === 'score' ? grade.score : grade?.kind).toBe(expected);
  });

  it('a pattern inside a schema is stopped too', () => {
    const config: GraderConfig = {
      kind: 'json-schema',
      schema: { type: 'string', pattern: '^(a+)+$' },
      weight: 1,
    };
    expect(gradeAtOnce(config, subject(`"${'a'.repeat(40)}!"`))?.kind).toBe('missing');
  });

  it('normalising twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
      { examples: [['"\'x\'"'], ['...'], ['{"b":1,"a":2}']] },
    );
  });
});

describe('gradeAnswer', () => {
  it('gives one grade for each grader; a judge, which compares two answers, grades none alone', () => {
    const grades = gradeAnswer(
      [{ kind: 'judge', rubric: 'r', weight: 1 }, exact],
      subject('bug', {}, { expected: 'bug' }),
    );
    expect(grades.map(({ kind }) => kind)).toEqual(['missing', 'score']);
    expect(isDeterministic({ kind: 'judge', rubric: 'r', weight: 1 })).toBe(false);
    expect([rubricOf({ kind: 'judge', rubric: 'r', weight: 1 }), rubricOf(exact)]).toEqual(['r', undefined]);
  });
});

describe('combineGrades', () => {
  const configs: readonly GraderConfig[] = [
    { ...exact, weight: 3 },
    { ...schema, weight: 1 },
  ];
  it('weighs graders', () => {
    const grades = { candidate: [scored(1), scored(0)], incumbent: [scored(0), scored(1)] };
    expect(combineGrades(configs, grades, () => true)).toEqual({ candidate: 0.75, incumbent: 0.25 });
  });

  it('leaves a grader that missed one answer out of both', () => {
    const grades = { candidate: [missing('x'), scored(1)], incumbent: [scored(1), scored(0)] };
    expect(combineGrades(configs, grades, () => true)).toEqual({ candidate: 1, incumbent: 0 });
  });

  it('says nothing where no grader scored both', () => {
    const grades = { candidate: [missing('x'), scored(1)], incumbent: [scored(1), missing('x')] };
    expect(combineGrades(configs, grades, () => true)).toBeUndefined();
  });

  it('stays in [0, 1] with 2 decimals', () => {
    const grade = fc.double({ min: -1, max: 2, noNaN: true }).map((score) => scored(score));
    fc.assert(
      fc.property(fc.tuple(grade, grade), fc.tuple(grade, grade), (candidate, incumbent) => {
        const pair = combineGrades(configs, { candidate, incumbent }, () => true);
        for (const score of [pair?.candidate ?? 0, pair?.incumbent ?? 0]) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(Math.abs(score * 100 - Math.round(score * 100))).toBeLessThan(1e-9);
        }
      }),
    );
  });
});
