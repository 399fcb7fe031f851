/**
 * What a campaign's test has to show; settled when the test starts, like its level, so that a setting which changes
 * while a test runs moves no goal, and a verdict can be recomputed from ledger, terms and level alone.
 */
export interface TestTerms {
  readonly mode: TestMode;
  /** Smallest effect worth waiting for, in (0, 1): of the score, or of the secondary metric in equivalence mode. */
  readonly mde: number;
  /** Non-inferiority margin m of the score in equivalence mode, (0, 1). */
  readonly margin: number;
  /** Whether every guardrail and slice is to be shown at the test's own level α_t instead of 1/20. */
  readonly isStrict: boolean;
  readonly guardrails: readonly GuardrailTerms[];
  /** Declared segments. Others are watched, and may only veto. */
  readonly slices: readonly SliceTerms[];
  /** Equivalence mode: the metric that must get better, the name of its ledger; `null` in superiority mode. */
  readonly secondary: SecondaryTerms | null;
  /**
   * Equivalence mode: the variant that the candidate must not fall behind, beside the incumbent, so that a chain of
   * steps that each lose a little cannot drift downwards. `null` where the incumbent is that variant.
   */
  readonly anchorId: string | null;
}

/**
 * - `superiority`: the candidate's score is better than the incumbent's.
 * - `equivalence`: its score is not worse by the margin, than neither incumbent nor anchor, and a secondary metric, such
 *   as cost, is better.
 */
export type TestMode = 'superiority' | 'equivalence';

/** What a proposal is for. `prune`: it takes something out of the prompt, to make it cheaper. */
export type ProposalPurpose = 'improve' | 'prune';

export interface GuardrailTerms {
  /** Name of its ledger. */
  readonly name: string;
  /** Non-inferiority margin m in the units of the ledger's differences, [0, 1). */
  readonly margin: number;
  /** Whether promotion waits for non-inferiority. Otherwise it only vetoes. */
  readonly isRequired: boolean;
}

export interface SliceTerms {
  /** The segment. */
  readonly name: string;
  /** Largest loss of score that is tolerated in it, (0, 1). */
  readonly margin: number;
}

export interface SecondaryTerms {
  /** Name of its ledger. */
  readonly name: string;
  /** Smallest gain worth waiting for, in the units of its ledger's differences. */
  readonly mde: number;
}
