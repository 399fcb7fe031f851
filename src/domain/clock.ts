/** Time as a parameter. `runtime/system-clock.ts` is the real one, a simulation brings a virtual one. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}
