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
  /** log(1/α_t): what `logSuperiority` must reach. */
  readonly logThreshold: number;
  /** Non-inferiority of each guardrail and slice. */
  readonly guardrails: readonly GuardrailEvidence[];
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
