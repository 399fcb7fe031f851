import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApiWorld, plantHistory, type ApiWorld } from './api-world.case.ts';
import { operations } from './operations.ts';

let world: ApiWorld;

beforeAll(async () => {
  world = createApiWorld();
  await plantHistory(world.store);
});

const names = [
  'task',
  'limit',
  'cursor',
  'since',
  'until',
  'days',
  'bins',
  'after',
  'order',
  'format',
  '__proto__',
];
const text = fc.oneof(
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.constantFrom(
    'triage',
    'c1',
    'd2',
    'baseline',
    '0',
    '-1',
    '1e9',
    'NaN',
    '9'.repeat(40),
    '../..',
    '%00',
    '\u0000',
  ),
);
const query = fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 4 });
const segment = text.map((value) => encodeURIComponent(value)).filter((value) => !/^\.{0,2}$/.test(value));

/** A request that a hostile or broken client might send is refused or answered, and nothing in us breaks. */
async function isSound(path: string, init: RequestInit): Promise<void> {
  const response = await world.request(path, init);
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true)
    await response.body?.cancel();
  else await response.text();
  expect({ path, status: response.status < 500 }).toEqual({ path, status: true });
}

describe('whatever is asked', () => {
  test.each(operations.map(({ spec }) => [spec.id, spec] as const))(
    'of %s breaks nothing',
    async (_, spec) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(segment, { minLength: 2, maxLength: 2 }),
          query,
          fc.oneof(fc.json(), fc.string(), fc.constant('{"__proto__":{"role":"operator"},"reason":"x"}')),
          async ([one = 'x', other = 'y'], asked, body) => {
            let place = 0;
            const path = spec.path.replaceAll(/\{\w+\}/g, () => (place++ === 0 ? one : other));
            const search = new URLSearchParams(asked).toString();
            await isSound(`${path}?${search}`, {
              method: spec.method.toUpperCase(),
              ...(spec.method === 'post'
                ? { body, headers: { 'content-type': 'application/json' } }
                : { headers: { 'last-event-id': one, 'if-none-match': other } }),
            });
          },
        ),
        { numRuns: 40 },
      );
    },
  );
});
