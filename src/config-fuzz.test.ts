import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { useConfigFolder } from './config.case.ts';
import { parseAdminTokens, parseKeys } from './configuration/api-keys.ts';
import { parseTaskConfig } from './configuration/task-config.ts';
import { damaged, hostileJson, outcomeOf } from './domain/hostile-json.case.ts';
import { RatchetError } from './domain/ratchet-error.ts';

const { write, load, faultOf } = useConfigFolder();
const isRefusal = (error: unknown): boolean =>
  error instanceof RatchetError && error.code === 'invalid_configuration';

const task = {
  model: 'm',
  reward: { score: 1 },
  metrics: { score: { type: 'number', range: [0, 1] }, polite: { type: 'boolean' } },
  graders: [{ kind: 'regex', pattern: 'a', flags: 'i' }, { kind: 'exact' }],
  gate: { alpha: 0.05 },
};
const settings = {
  port: 8787,
  upstreams: { spare: { url: 'http://127.0.0.1/v1' } },
  keys: [{ id: 'a', secret: 'a-long-enough-secret', roles: ['infer'] }],
  tasks: { triage: task },
};

describe('a configuration is read, or refused in our words', () => {
  test('whatever values stand in the file', () => {
    expect(() => parseTaskConfig(task)).not.toThrow();
    write(stringify(settings));
    expect(() => load()).not.toThrow();
    fc.assert(
      fc.property(fc.oneof(hostileJson, damaged(settings)), (value) => {
        write(JSON.stringify(value));
        outcomeOf(() => load(), isRefusal);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever bytes the file has', () => {
    const line = fc.constantFrom(
      'port: 1',
      'tasks:',
      '  a: {b',
      '- x',
      '&a [*a]',
      'port: *a',
      '<<: *a',
      '!!js/function x',
      '%YAML 9',
      '"\u0000',
      '---',
      '\t',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n')),
        ),
        (text) => {
          write(text);
          outcomeOf(() => load(), isRefusal);
        },
      ),
      { numRuns: 300, examples: [['port: *a'], ['a: &a [*a]']] },
    );
  });

  test('whatever a task is', () => {
    fc.assert(
      fc.property(fc.oneof(hostileJson, damaged(task)), (value) => {
        outcomeOf(() => parseTaskConfig(value), isRefusal);
      }),
      { numRuns: 300 },
    );
  });
});

test('aliases that multiply without end are refused', () => {
  const levels = 'abcdefghij'.split('');
  const lists = levels.map((name, index) => {
    const below = levels[index - 1];
    return `${name}: &${name} [${Array.from({ length: 9 }, () => (below === undefined ? 'x' : `*${below}`)).join(', ')}]`;
  });
  write(lists.join('\n'));
  const startedAt = performance.now();
  expect(faultOf({}).code).toBe('invalid_configuration');
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test.each([
  ['keys', parseKeys],
  ['admin tokens', parseAdminTokens],
])('whatever the variable of %s holds, a refusal tells nothing of it', (_, parse) => {
  const entry = fc.array(fc.constantFrom('a', ':', '+', ',', 'hunter2-secret', 'infer', 'viewer', ' '));
  fc.assert(
    fc.property(
      entry.map((parts) => parts.join('')),
      (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect(String(error)).not.toContain('hunter2');
        }
      },
    ),
  );
});
