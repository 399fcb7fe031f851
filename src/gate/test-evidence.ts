import { countOf, meanOf, primaryLedger, type Ledger } from '../domain/histogram.ts';
import { jointOf } from '../domain/joint-histogram.ts';
import type { Judging } from '../domain/judging.ts';
import type { GuardrailTerms, TestTerms } from '../domain/test-terms.ts';
import type { EquivalenceEvidence, Evidence, GuardrailEvidence } from '../domain/verdict.ts';
import { logFutilityE, logHarmE, logMixtureE } from '../stats/log-mixture-e.ts';
import { calibratedEvidence } from '../stats/prediction-powered.ts';
import { behaviourOf } from './behaviour.ts';
import { judgeEvidenceOf } from './judge-evidence.ts';
import { correctedLedger } from './judge-ledgers.ts';
import { coverageOf } from './shadow-coverage.ts';
import { discoveredSlices, sliceLedger } from './slice-ledgers.ts';

/** Ledger of the differences to the anchor, where the incumbent is not the anchor. */
export const anchorLedger = 'anchor';

/** log(1/α_g) of guardrails and slices. */
export const logGuardrail: number = Math.log(20);

/** A test as far as its ledger does not know it. */
export interface TestInProgress {
  readonly terms: TestTerms;
  /** α_t, fixed when the test started. */
  readonly alphaLevel: number;
  /** What the judge counts for; absent without one. */
  readonly judging?: Judging | undefined;
}

/**
 * Every e-value that a verdict may rest on, from the ledger's counts alone. Where the judge has corrected pairs, each E
 * on the score is the mean of two, on the labelled pairs as they are and as the judge corrects them
 * (`calibratedEvidence`); those on guardrails, slices, anchor and margin use the labelled pairs as they are.
 */
export function testEvidence(ledger: Ledger, test: TestInProgress): Evidence {
  const { terms, alphaLevel, judging } = test;
  const primary = ledger[primaryLedger] ?? {};
  const judge = judging && judgeEvidenceOf(ledger, judging);
  const { superiority, harm, futility } = calibratedEvidence(
    {
      truth: primary,
      corrected: jointOf(ledger, correctedLedger),
      isShifted: judge?.isShifted ?? false,
    },
    terms.mde,
  );
  const behaviour = behaviourOf(ledger);
  const logThreshold = Math.log(behaviour?.evidenceFactor ?? 1) - Math.log(alphaLevel);
  const equivalence = equivalenceOf(ledger, terms);
  const coverage = coverageOf(ledger);
  return {
    pairs: countOf(primary),
    meanDifference: meanOf(primary),
    logSuperiority: superiority,
    logHarm: harm,
    logFutility: futility,
    logThreshold,
    guardrails: conditionsOf(ledger, terms).map((condition): GuardrailEvidence => {
      const histogram = ledger[condition.name] ?? {};
      return {
        ...condition,
        pairs: countOf(histogram),
        logNonInferiority: logMixtureE(histogram, condition.margin),
        logThreshold: terms.isStrict ? logThreshold : logGuardrail,
        logHarm: logHarmE(histogram),
      };
    }),
    ...(equivalence === null ? {} : { equivalence }),
    ...(judge === undefined ? {} : { judge }),
    ...(behaviour === undefined ? {} : { behaviour }),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

/**
 * Guardrails, declared slices, and the slices that nobody declared, which may only veto. A strict test also requires
 * guardrails that hold without being declared, wherever there is anything to measure.
 */
function conditionsOf(
  ledger: Ledger,
  { guardrails, slices, isStrict }: TestTerms,
): readonly GuardrailTerms[] {
  const declared = new Set(slices.map(({ name }) => name));
  return [
    ...guardrails.map((guardrail) => ({
      ...guardrail,
      isRequired: guardrail.isRequired || (isStrict && countOf(ledger[guardrail.name] ?? {}) > 0),
    })),
    ...slices.map(({ name, margin }) => ({ name: sliceLedger(name), margin, isRequired: true })),
    ...discoveredSlices(ledger, declared).map((name) => ({
      name: sliceLedger(name),
      margin: 0,
      isRequired: false,
    })),
  ];
}

/** Whether a condition is shown to be broken; a required one may be missed by its margin, one that vetoes by nothing. */
export function isViolated(ledger: Ledger, { name, margin, isRequired }: GuardrailEvidence): boolean {
  const histogram = ledger[name] ?? {};
  // H0 of the futility test is "mean ≥ bound": at −m its rejection says that the margin is exceeded.
  const logViolation = isRequired === false ? logHarmE(histogram) : logFutilityE(histogram, -margin);
  return logViolation >= logGuardrail;
}

function equivalenceOf(ledger: Ledger, terms: TestTerms): EquivalenceEvidence | null {
  const { mode, margin, secondary, anchorId } = terms;
  if (mode !== 'equivalence' || secondary === null) return null;
  const gains = ledger[secondary.name] ?? {};
  const beside = ledger[anchorLedger] ?? {};
  return {
    margin,
    logNonInferiority: logMixtureE(ledger[primaryLedger] ?? {}, margin),
    anchor:
      anchorId === null
        ? null
        : {
            variantId: anchorId,
            pairs: countOf(beside),
            meanDifference: meanOf(beside),
            logNonInferiority: logMixtureE(beside, margin),
          },
    secondary: {
      name: secondary.name,
      pairs: countOf(gains),
      meanDifference: meanOf(gains),
      logSuperiority: logMixtureE(gains, 0),
      logFutility: logFutilityE(gains, secondary.mde),
    },
  };
}
