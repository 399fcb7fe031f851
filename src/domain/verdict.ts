import type { ConfidenceBounds } from './confidence-bounds.ts';

/** What the gate says of a candidate, with all that it was based on. */
export interface Verdict {
  readonly kind: 'promote' | 'reject' | 'continue' | 'inconclusive';
  /** One sentence for people: which rule decided, its value and its bound. */
  readonly reason: string;
  readonly evidence: Evidence;
}

/** Every e-value is given as its natural logarithm. */
export interface Evidence {
  readonly pairs: number;
  /** Mean of candidate minus incumbent; `null` without pairs. */
  readonly meanDifference: number | null;
  readonly logSuperiority: number;
  readonly logHarm: number;
  readonly logFutility: number;
  /** log(1/α_t), or more for a candidate that acts very differently: what `logSuperiority` must reach. */
  readonly logThreshold: number;
  /** Non-inferiority of each guardrail and slice. */
  readonly guardrails: readonly GuardrailEvidence[];
  /** What a test for equivalence found beside that; absent in superiority mode. */
  readonly equivalence?: EquivalenceEvidence;
  /** What the judge was worth in this test; absent without one. */
  readonly judge?: JudgeEvidence;
  /** How differently the candidate acts; absent before the first pair, and in tests from before it was measured. */
  readonly behaviour?: BehaviourEvidence;
  /** What the test could not see; absent where it saw everything. */
  readonly coverage?: ShadowCoverage;
}

/** How far a candidate's answers lie from the incumbent's, and what follows from it. */
export interface BehaviourEvidence {
  /** Conversations in which it was measured. */
  readonly pairs: number;
  /** Mean distance of the answers in [0, 1], less `ownDistance`, at least 0. */
  readonly distance: number;
  /** Mean distance of the incumbent's answers from those that the agent got; `null` where none were recorded. */
  readonly ownDistance: number | null;
  /** Beyond this more evidence is asked for, and the canary starts with less traffic. */
  readonly distanceMax: number;
  /** How many times the usual evidence promotion takes, ≥ 1; it is contained in `logThreshold`. */
  readonly evidenceFactor: number;
}

/** Of the conversations of a test, those that tell less than they might. */
export interface ShadowCoverage {
  /** Conversations in which tools were called, by the agent or by either variant. */
  readonly toolConversations: number;
  /**
   * Mean share of their requests with tool calls in which other tools were called than the agent went on with, and where
   * not even the calls could be graded; `null` where no tools were called.
   */
  readonly notComparableShare: number | null;
  /** Conversations with a request that one of the variants gave no answer to, for good. */
  readonly unanswered: number;
}

/** Evidence that a candidate loses nothing and gains on a secondary metric. All of it must reach log(1/α_t). */
export interface EquivalenceEvidence {
  readonly margin: number;
  /** Against H0: mean ≤ −margin, beside the incumbent. */
  readonly logNonInferiority: number;
  /** The same beside the anchor; `null` where the incumbent is the anchor. */
  readonly anchor: {
    readonly variantId: string;
    readonly pairs: number;
    readonly meanDifference: number | null;
    readonly logNonInferiority: number;
  } | null;
  readonly secondary: {
    readonly name: string;
    readonly pairs: number;
    readonly meanDifference: number | null;
    /** Against H0: mean ≤ 0. */
    readonly logSuperiority: number;
    /** Against H0: mean ≥ the smallest gain worth waiting for. */
    readonly logFutility: number;
  };
}

/** A judge beside the truth, on the pairs of one test where both are known. */
export interface JudgeEvidence {
  /** λ in [0, 1] that labelled pairs are corrected with by now. */
  readonly weight: number;
  /** Mean of candidate minus incumbent, corrected by the judge; `null` where it has corrected none. */
  readonly correctedDifference: number | null;
  /** How many labelled pairs without a judge would tell as much; `null` where that cannot be said. */
  readonly effectivePairs: number | null;
  /** Against H0: labels are missing at random. */
  readonly logLabelShift: number;
  /** Whether labels were found not to be missing at random, so that the judge is left out. */
  readonly isShifted: boolean;
  /** `null` before the first pair that both have rated. */
  readonly calibration: JudgeCalibration | null;
}

export interface JudgeCalibration {
  /** Pairs that both the judge and the truth have rated. */
  readonly pairs: number;
  /** On which of two answers is better. */
  readonly agreement: AgreementEvidence;
  /** On whether an answer is right, by whose it is; `null` where the judge was never asked about differing answers. */
  readonly onCandidate: AgreementEvidence | null;
  readonly onIncumbent: AgreementEvidence | null;
  /** Of the judge's differences with the true ones; `null` where either never varies. */
  readonly correlation: number | null;
  /** Mean of the judge's difference minus the true one: above 0 it flatters the candidate. */
  readonly bias: ConfidenceBounds & { readonly mean: number };
  /** By how much it favours an answer of twice the length beyond its worth, with its standard error. */
  readonly lengthLean: { readonly slope: number; readonly standardError: number } | null;
}

/** Kappa, 0 for chance and 1 for identity, with bounds that hold at all times at once (95 %). */
export interface AgreementEvidence extends ConfidenceBounds {
  readonly kappa: number;
}

export interface GuardrailEvidence {
  readonly name: string;
  readonly pairs: number;
  readonly margin: number;
  readonly logNonInferiority: number;
  /** log(1/α_g): what it must reach. */
  readonly logThreshold: number;
  /** Absent or `true`: promotion waits for non-inferiority. `false`: it only vetoes, when harm is shown. */
  readonly isRequired?: boolean;
  readonly logHarm?: number;
}
