/** Where a quantity lies, by the confidence that its author states; `low` ≤ `high`. */
export interface ConfidenceBounds {
  readonly low: number;
  readonly high: number;
}
