import { describe, expect, it } from 'vitest';
import type { Ledger } from '../domain/histogram.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import { verdictOf } from './verdict.case.ts';

describe('judgeLedgers for slices', () => {
  const sliced: TaskConfig = {
    ...defaultTaskConfig,
    gate: { ...defaultTaskConfig.gate, slices: { vip: { margin: 0.1 } } },
  };
  const gain = { '100': 40, '0': 60 };
  it.each<[string, Ledger, [string, string]]>([
    ['a declared one holds a gain up until it is known', { primary: gain }, ['continue', 'neutral']],
    ['and lets it through then', { primary: gain, 'slice:vip': { '0': 55 } }, ['promote', 'neutral']],
    ['but not before 55 ties at .10', { primary: gain, 'slice:vip': { '0': 54 } }, ['continue', 'neutral']],
    [
      'a declared one that loses more than its margin ends the test',
      { primary: gain, 'slice:vip': { '-100': 30, '0': 20 } },
      ['reject', 'harmful'],
    ],
    [
      'one that nobody declared vetoes',
      { primary: gain, 'slice:vip': { '0': 55 }, 'slice:x': { '-100': 10 } },
      ['reject', 'harmful'],
    ],
    [
      'and is not waited for',
      { primary: gain, 'slice:vip': { '0': 55 }, 'slice:x': { '0': 10 } },
      ['promote', 'neutral'],
    ],
    [
      'nor looked at below ten pairs',
      { primary: gain, 'slice:vip': { '0': 55 }, 'slice:x': { '-100': 9 } },
      ['promote', 'neutral'],
    ],
  ])('%s', (_, ledger, expected) => {
    expect(verdictOf(ledger, sliced)).toEqual(expected);
  });
});
