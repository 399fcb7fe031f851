/** A mean difference with bounds that hold at all times at once (95 %). */
export interface Effect {
  readonly pairs: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What a candidate takes, as a multiple of what the incumbent takes, with bounds of the same kind. */
export interface Taking {
  readonly name: 'cost' | 'latency' | 'tokens';
  readonly pairs: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}
