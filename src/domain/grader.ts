/** How an output is scored without a person. Weights are > 0 and combine graders into one score. */
export type GraderConfig = { readonly weight: number } & (
  | { readonly kind: 'exact'; readonly against: 'expected' }
  | {
      readonly kind: 'normalised';
      /** What does not count when answer and ground truth are compared; none: byte for byte. */
      readonly ignore: readonly TextFeature[];
      /** `contains`: the ground truth stands in the answer, as whole words. */
      readonly match: 'whole' | 'contains';
    }
  | NumericGraderConfig
  | { readonly kind: 'json-schema'; readonly schema: Readonly<Record<string, unknown>> }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags?: string }
  /** Every tool call names an offered tool and its arguments validate against the tool's schema. */
  | { readonly kind: 'tool-call' }
  /** Cosine of the embeddings of answer and ground truth; `floor` and below count 0, identity counts 1. */
  | { readonly kind: 'similarity'; readonly floor: number }
  | WebhookGraderConfig
  | { readonly kind: 'judge'; readonly rubric: string }
);

/** Compares the number in an answer with the number in the ground truth. */
export interface NumericGraderConfig {
  readonly kind: 'numeric';
  /** Equal where |answer − truth| ≤ max(absolute, relative · |truth|); both ≥ 0. */
  readonly absolute: number;
  readonly relative: number;
  /** Which number of a text counts. `only`: a text with several different numbers has none. */
  readonly take: 'last' | 'first' | 'only';
  /** Sign before the decimals; the other one groups thousands. */
  readonly decimal: 'point' | 'comma';
  /** Path of the number in a JSON answer, such as `total.amount` or `items.0.price`. Absent: the answer is text. */
  readonly field?: string;
}

/** Has a service of the user's score an answer. */
export interface WebhookGraderConfig {
  readonly kind: 'webhook';
  readonly url: string;
  /** Longest wait for the whole answer, milliseconds. */
  readonly timeoutMs: number;
  /** Name of the environment variable that holds the bearer token; never the token. Absent: none is sent. */
  readonly secretEnv?: string;
}

/** Something about a text that a comparison may look past. */
export type TextFeature = 'case' | 'unicode' | 'whitespace' | 'punctuation' | 'accents' | 'articles';

export type GraderKind = GraderConfig['kind'];

/** Whether a grader holds answers against ground truth, and can say nothing without. */
export function isAgainstTruth({ kind }: GraderConfig): boolean {
  return kind === 'exact' || kind === 'normalised' || kind === 'numeric' || kind === 'similarity';
}

/**
 * A grader's answer: a score in [0, 1] rounded to 2 decimals, or missing.
 * Missing is data about the grader, never a zero for the output.
 */
export type Grade =
  | { readonly kind: 'score'; readonly score: number; readonly reason?: string }
  | { readonly kind: 'missing'; readonly reason: string };
