/** Randomness as a parameter, so that every run can be repeated from its seed. */
export interface Random {
  /** A uniform draw from [0, 1). */
  readonly next: () => number;
}
