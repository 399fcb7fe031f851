/** How an output is scored without a person. Weights are > 0 and combine graders into one score. */
export type GraderConfig = { readonly weight: number } & (
  | { readonly kind: 'exact'; readonly against: 'expected' }
  | { readonly kind: 'json-schema'; readonly schema: Readonly<Record<string, unknown>> }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags?: string }
  /** Every tool call names an offered tool and its arguments validate against the tool's schema. */
  | { readonly kind: 'tool-call' }
  | { readonly kind: 'judge'; readonly rubric: string }
);

export type GraderKind = GraderConfig['kind'];

/**
 * A grader's answer: a score in [0, 1] rounded to 2 decimals, or missing.
 * Missing is data about the grader, never a zero for the output.
 */
export type Grade =
  | { readonly kind: 'score'; readonly score: number; readonly reason?: string }
  | { readonly kind: 'missing'; readonly reason: string };
