import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DropReason } from './drop-reason.ts';
import { editsMax, parseProposals, proposalsFormat, proposalsMax } from './proposals.schema.ts';

const prompt = 'You sort the tickets of {{product}}. Answer with the queue.';

function parse(...proposals: readonly unknown[]): ReturnType<typeof parseProposals> {
  return parseProposals(JSON.stringify({ proposals }), prompt);
}

const wire = (edit: object): object => ({
  intent: 'to help',
  edits: [{ text: null, find: null, after: null, ...edit }],
});

describe('a proposal that can be used', () => {
  it.each([
    [
      { op: 'insert', text: 'Be brief.' },
      { op: 'insert', text: 'Be brief.' },
    ],
    [
      { op: 'insert', text: 'Be brief.', after: 'queue.' },
      { op: 'insert', text: 'Be brief.', after: 'queue.' },
    ],
    [
      { op: 'insert', text: 'x', after: '' },
      { op: 'insert', text: 'x' },
    ],
    [
      { op: 'replace', find: 'Answer', text: 'Reply' },
      { op: 'replace', find: 'Answer', text: 'Reply' },
    ],
    [
      { op: 'delete', find: 'Answer' },
      { op: 'delete', find: 'Answer' },
    ],
    [
      { op: 'move', find: 'Answer', after: 'queue.' },
      { op: 'move', find: 'Answer', after: 'queue.' },
    ],
    [
      { op: 'move', find: 'Answer' },
      { op: 'move', find: 'Answer' },
    ],
    [
      { op: 'add-example', text: 'Lost card: security' },
      { op: 'add-example', text: 'Lost card: security' },
    ],
    [
      { op: 'insert', text: 'Think of {{product}}.' },
      { op: 'insert', text: 'Think of {{product}}.' },
    ],
    [
      { op: 'insert', text: 'One\n\tTwo\r\n' },
      { op: 'insert', text: 'One\n\tTwo\r\n' },
    ],
    [
      { op: 'insert', text: 'x', find: 'left over' },
      { op: 'insert', text: 'x' },
    ],
    [
      { op: 'insert', text: 'x', confidence: 0.9 },
      { op: 'insert', text: 'x' },
    ],
  ])('is read from %j', (edit, expected) => {
    expect(parse(wire(edit))).toEqual({
      kind: 'proposals',
      suggestions: [{ intent: 'to help', edits: [{ ...expected, intent: 'to help' }] }],
      dropped: [],
    });
  });

  it('is read from fields left out and from a fenced answer', () => {
    const answer = '```json\n{"proposals":[{"intent":"i","edits":[{"op":"insert","text":"x"}]}]}\n```\n';
    expect(parseProposals(answer, prompt)).toMatchObject({
      suggestions: [{ edits: [{ op: 'insert', text: 'x' }] }],
    });
  });

  it('may replace a long prompt as a whole', () => {
    const long = 'p'.repeat(10_000);
    const replace = (length: number) =>
      parseProposals(
        JSON.stringify({ proposals: [wire({ op: 'replace', find: long, text: 't'.repeat(length) })] }),
        long,
      );
    expect(replace(15_400)).toMatchObject({ suggestions: [{}], dropped: [] });
    expect(replace(15_401)).toMatchObject({ suggestions: [], dropped: ['too-long'] });
  });

  it('keeps of its intent a line', () => {
    const parsed = parse({
      ...wire({ op: 'delete', find: 'x' }),
      intent: `a\n\u202eb\u0007  ${'c'.repeat(999)}`,
    });
    expect(parsed).toMatchObject({ suggestions: [{ intent: `a b ${'c'.repeat(196)}` }] });
  });
});

describe('a proposal that cannot', () => {
  const cases: readonly [string, unknown, DropReason][] = [
    ['is no object', 7, 'malformed'],
    ['has no intent', { edits: [{ op: 'delete', find: 'x' }] }, 'malformed'],
    ['has no edits', { intent: 'i', edits: [] }, 'malformed'],
    [
      'has more than 5',
      { intent: 'i', edits: Array.from({ length: 6 }, () => ({ op: 'delete', find: 'x' })) },
      'malformed',
    ],
    ['has an unknown operation', wire({ op: 'rewrite', text: 'x' }), 'malformed'],
    ['has a text of the wrong type', wire({ op: 'insert', text: 4 }), 'malformed'],
    ['inserts nothing', wire({ op: 'insert' }), 'missing-field'],
    ['replaces nothing', wire({ op: 'replace', text: 'x' }), 'missing-field'],
    ['replaces by nothing', wire({ op: 'replace', find: 'x', text: '' }), 'missing-field'],
    ['deletes nothing', wire({ op: 'delete', text: 'x' }), 'missing-field'],
    ['moves nothing', wire({ op: 'move', after: 'x' }), 'missing-field'],
    ['adds no example', wire({ op: 'add-example' }), 'missing-field'],
    ['is too long', wire({ op: 'insert', text: 'x'.repeat(4_001) }), 'too-long'],
    ['names a phrase that is too long', wire({ op: 'delete', find: 'x'.repeat(4_001) }), 'too-long'],
    ['has a null character', wire({ op: 'insert', text: 'a\u0000b' }), 'control-character'],
    ['has an escape sequence', wire({ op: 'insert', text: '\u001b[2J' }), 'control-character'],
    ['reads otherwise than it looks', wire({ op: 'insert', text: 'a\u202eb' }), 'control-character'],
    ['has half a character', wire({ op: 'insert', text: 'a\ud800' }), 'control-character'],
    ['hides one in a phrase', wire({ op: 'insert', text: 'a', after: 'b\u0007' }), 'control-character'],
    ['names a slot that there is not', wire({ op: 'insert', text: 'Dear {{customer}}' }), 'unknown-slot'],
  ];

  it.each(cases)('because it %s is dropped, and only it', (_, item, reason) => {
    const good = wire({ op: 'insert', text: 'good' });
    const parsed = parse(item, good);
    expect(parsed).toMatchObject({ kind: 'proposals', dropped: [reason] });
    expect(parsed).toHaveProperty('suggestions.length', 1);
  });

  it('is dropped whole for one bad edit, since its edits belong together', () => {
    const edits = [{ op: 'insert', text: 'good' }, { op: 'delete' }];
    expect(parse({ intent: 'i', edits })).toEqual({
      kind: 'proposals',
      suggestions: [],
      dropped: ['missing-field'],
    });
  });

  it('is one of more than 5', () => {
    const parsed = parse(...Array.from({ length: 8 }, () => wire({ op: 'insert', text: 'x' })));
    expect(parsed).toHaveProperty('suggestions.length', proposalsMax);
    expect(parsed).toHaveProperty('dropped', ['too-many', 'too-many', 'too-many']);
  });
});

describe('an answer of which nothing can be read', () => {
  it.each([
    '',
    'I would suggest to be brief.',
    '{"proposals":',
    '[]',
    'null',
    '{"edits":[]}',
    '{"proposals":{}}',
  ])('is %j, an outcome and no error', (answer) => {
    expect(parseProposals(answer, prompt)).toEqual({ kind: 'malformed' });
  });

  it('is one of excessive length', () => {
    const answer = `{"proposals":[]${' '.repeat(400_000)}}`;
    expect(parseProposals(answer, prompt)).toEqual({ kind: 'malformed' });
  });
});

it('never throws and keeps every bound, whatever a model answers', () => {
  const field = fc.oneof(fc.string(), fc.constant(null), fc.integer());
  const edit = fc.record(
    {
      op: fc.oneof(fc.constantFrom('insert', 'replace', 'delete', 'move', 'add-example'), fc.string()),
      text: field,
      find: field,
      after: field,
    },
    { requiredKeys: ['op'] },
  );
  const proposal = fc.record({ intent: fc.string(), edits: fc.array(edit, { maxLength: 7 }) });
  const answer = fc.oneof(
    fc
      .array(fc.oneof(proposal, fc.jsonValue()), { maxLength: 8 })
      .map((proposals) => JSON.stringify({ proposals })),
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(answer, fc.string(), (text, shown) => {
      const parsed = parseProposals(text, shown);
      if (parsed.kind === 'malformed') return;
      expect(parsed.suggestions.length).toBeLessThanOrEqual(proposalsMax);
      for (const { intent, edits } of parsed.suggestions) {
        expect(edits.length).toBeGreaterThanOrEqual(1);
        expect(edits.length).toBeLessThanOrEqual(editsMax);
        for (const one of edits) {
          expect(one.intent).toBe(intent);
          // eslint-disable-next-line no-control-regex
          expect(JSON.stringify(one)).not.toMatch(/\\u00(0[0-8be-f]|1)/);
        }
      }
    }),
  );
});

it('asks in the strict form: every field required, nothing else allowed', () => {
  const check = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
    if (type === 'object') {
      expect(additionalProperties).toBe(false);
      expect(required).toEqual(Object.keys(properties as object));
    }
    for (const inner of Object.values(schema)) check(inner);
  };
  check(proposalsFormat);
  expect(proposalsFormat).toMatchObject({
    type: 'json_schema',
    json_schema: { name: 'proposals', strict: true },
  });
});
