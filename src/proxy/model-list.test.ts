import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withModels } from './model-list.ts';

const edit = (text: string, ids: readonly string[] = ['ratchet/a']): string | undefined =>
  withModels(Buffer.from(text), ids)?.toString();
const alias = '{"id":"ratchet/a","object":"model","created":0,"owned_by":"ratchet"}';

describe('a list of models', () => {
  test.each([
    ['{"object":"list","data":[{"id":"m"}]}', `{"object":"list","data":[{"id":"m"},${alias}]}`],
    ['{ "data": [ ], "object": "list" }\n', `{ "data": [ ${alias}], "object": "list" }\n`],
    ['{"data":[{"id":"süß"} ],"first_id":1e400}', `{"data":[{"id":"süß"} ,${alias}],"first_id":1e400}`],
  ])('gets further ones at its end, and keeps all else to the byte: %s', (list, edited) => {
    expect(edit(list)).toBe(edited);
  });

  test('does not name one twice', () => {
    const once = edit('{"data":[]}', ['ratchet/a', 'ratchet/ü']) ?? '';
    expect(edit(once, ['ratchet/ü', 'ratchet/a'])).toBe(once);
  });

  test.each(['', '[]', '{"data":{}}', '{"error":{}}', '{"data":[', 'null', '<html>'])(
    'is nothing else: %s',
    (text) => {
      expect(edit(text)).toBeUndefined();
    },
  );

  test('parses as the same list, longer', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.string({ minLength: 1 }), (data, task) => {
        const parsed: unknown = JSON.parse(
          edit(JSON.stringify({ object: 'list', data, x: 1 }), [`ratchet/${task}`]) ?? '',
        );
        expect(parsed).toEqual({
          object: 'list',
          data: [
            ...(JSON.parse(JSON.stringify(data)) as unknown[]),
            { id: `ratchet/${task}`, object: 'model', created: 0, owned_by: 'ratchet' },
          ],
          x: 1,
        });
      }),
      { numRuns: 300 },
    );
  });
});
