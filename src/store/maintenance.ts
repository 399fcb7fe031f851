/** Work that time asks for, not a request. */
export interface Maintenance {
  /**
   * One round: closes observation windows (selected and observed counts), expires pending feedback, lets routing take
   * its 24 h step, deletes content and decisions past retention. Safe to repeat and to interrupt.
   */
  readonly sweep: (nowMs: number) => Promise<SweepReport>;
  /** Throws `store_unavailable` unless a write can be committed now. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface SweepReport {
  readonly windowsClosed: number;
  readonly feedbackExpired: number;
  readonly decisionsDeleted: number;
}
