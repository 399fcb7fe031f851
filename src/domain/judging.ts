/** What a judge counts for in a campaign's test; settled when the test starts, or when the judge has been learned. */
export interface Judging {
  /** Names the judge: model, rubrics and weights. */
  readonly judgeId: string;
  /** λ in [0, 1]: how much its opinion of unlabelled pairs corrects the labelled ones. 0: it may only reject. */
  readonly weight: number;
  /** Whether it is asked about labelled pairs, beyond the first, to learn what it is worth. Ends with a weight, or without. */
  readonly isLearning: boolean;
  /** Age at which a request without ground truth counts as unlabelled, milliseconds. */
  readonly patienceMs: number;
  /** One sentence for people: why this weight. */
  readonly reason: string;
}
