/** Who does a work that only one process may do at a time. */
export interface Lease {
  /** The work. */
  readonly name: string;
  /** The process that does it; empty where it was given up. */
  readonly holder: string;
  /** Grows with every sign of life of the holder, from 1. */
  readonly beat: number;
}

/**
 * Leases without clocks. A holder takes its lease again and again, which raises the beat; whoever has seen the same beat
 * for long enough by a watch of its own takes the lease over. So processes need not agree on the time.
 */
export interface LeaseStore {
  readonly readLease: (name: string) => Promise<Lease | undefined>;
  /**
   * Takes, renews or gives up a lease, if it still is as it was `seen`; `undefined`: nobody ever had it. Resolves to
   * whether it was.
   */
  readonly takeLease: (lease: Lease, seen: Lease | undefined) => Promise<boolean>;
}
