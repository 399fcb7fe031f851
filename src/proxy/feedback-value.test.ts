import { expect, test } from 'vitest';
import { defaultTaskConfig, type MetricConfig } from '../domain/task.ts';
import { checkValue } from './feedback-value.ts';

const metric = (definition: Partial<MetricConfig>): MetricConfig => ({
  type: 'number',
  range: [0, 1],
  optimize: 'max',
  guardrail: null,
  ...definition,
});
const config = {
  metrics: {
    ...defaultTaskConfig.metrics,
    resolved: metric({ type: 'boolean' }),
    csat: metric({ range: [1, 5] }),
  },
};

test.each<[string, number | boolean, number | null]>([
  ['score', 0, 0],
  ['score', 1, 1],
  ['score', true, 1],
  ['score', 1.01, null],
  ['score', -0.01, null],
  ['resolved', false, 0],
  ['resolved', 1, 1],
  ['resolved', 0.5, null],
  ['csat', 5, 5],
  ['csat', 0, null],
  ['csat', true, null],
  ['undeclared', 0.5, 0.5],
  ['undeclared', 2, null],
  ['toString', 0.5, 0.5],
])('%s: %s is stored as %s', (name, value, stored) => {
  const checked = checkValue(value, name, config);
  expect(checked).toEqual(
    stored === null
      ? { kind: 'wrong', message: expect.stringContaining(name) }
      : { kind: 'value', value: stored },
  );
});

test('a value for a task that is not known yet passes as it is', () => {
  expect(checkValue(4, 'csat', undefined)).toEqual({ kind: 'value', value: 4 });
  expect(checkValue(false, 'resolved', undefined)).toEqual({ kind: 'value', value: 0 });
});
