import fc from 'fast-check';

/** Names by which objects are reached into that nobody meant to give away. */
const inherited = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud83d', 'a\u0000b', '../../etc/passwd', 'a\r\nx-evil: 1', '9'.repeat(400), ...inherited),
);
const number = fc.oneof(fc.double(), fc.constantFrom(-0, -1, 1e308, Number.MAX_SAFE_INTEGER + 2));

/** JSON as somebody sends it who wants to break something: odd texts and numbers, and names that objects inherit. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(text, fc.constantFrom(...inherited)), tie('value')), { maxLength: 4 })
      .map(objectOf),
  ),
})).value;

/** A sound value with one place in it, any, replaced by hostile JSON or given a hostile field. */
export function damaged(sound: unknown): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      fc.array(fc.nat({ max: 50 }), { maxLength: 5 }),
      fc.constantFrom(...inherited, 'other'),
      hostileJson,
    )
    .map(([path, name, hostile]) => damagedAt(sound, path, name, hostile));
}

function damagedAt(value: unknown, path: readonly number[], name: string, hostile: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return hostile;
  const entries = Object.entries(value);
  const place = step % (entries.length + 1);
  const changed = entries.map(([key, one], index): [string, unknown] => [
    key,
    index === place ? damagedAt(one, rest, name, hostile) : one,
  ]);
  if (Array.isArray(value)) return changed.map(([, one]) => one);
  return objectOf(place === entries.length ? [...changed, [name, hostile]] : changed);
}

/** As JSON.parse makes it, so that `__proto__` is a field like any other. */
function objectOf(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(entries);
}

/** What a parser did with a value: `refused` where it threw an error of ours. Anything else that it throws is thrown. */
export function outcomeOf<Result>(
  parse: () => Result,
  isOurs: (error: unknown) => boolean,
): Result | 'refused' {
  try {
    return parse();
  } catch (error) {
    if (isOurs(error)) return 'refused';
    throw error;
  }
}
