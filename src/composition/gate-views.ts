import type { GateViews } from '../console/api/api-deps.ts';
import { primaryLedger } from '../domain/histogram.ts';
import { startTest } from '../gate/error-budget.ts';
import { differencesOf } from '../gate/pair-differences.ts';
import { reviewOf } from '../gate/review.ts';

/** What the console shows of the gate. */
export const gateViews: GateViews = {
  evidenceOf: (campaign, ledger, config) => {
    const { effect, slices, takes, evidence } = reviewOf(campaign, ledger, config, []);
    return { effect, slices, takes, ...evidence };
  },
  scoreDifference: (config, pair) => differencesOf(config, pair)[primaryLedger],
  nextAlphaLevel: (budget, config) => startTest(budget, 'next', config).alphaLevel,
};
