import type { Ledger } from '../domain/histogram.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import type { TestTerms } from '../domain/test-terms.ts';
import { termsOfTest } from './terms-of-test.ts';
import { judgeLedgers } from './verdict.ts';

/** The level of the tests here. */
export const alphaLevel: number = 1 / 500;
/** The terms of a task that configures nothing. */
export const terms: TestTerms = termsOfTest(defaultTaskConfig);
/** A task that declares a guardrail. */
export const guarded: TaskConfig = {
  ...defaultTaskConfig,
  metrics: {
    ...defaultTaskConfig.metrics,
    latency_ms: { type: 'number', range: [0, 1], optimize: 'min', guardrail: { margin: 0.1 } },
  },
};

/** The verdict on a ledger, and its outcome. */
export function verdictOf(ledger: Ledger, config: TaskConfig = defaultTaskConfig): [string, string] {
  const { verdict, outcome } = judgeLedgers(ledger, { terms: termsOfTest(config), alphaLevel });
  return [verdict.kind, outcome];
}
