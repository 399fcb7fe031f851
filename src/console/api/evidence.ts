import type { Effect, Taking } from '../../domain/effect.ts';

/** What a campaign's ledger says. */
export interface Evidence {
  /** Candidate minus incumbent, in the score; `null` without pairs. */
  readonly effect: Effect | null;
  /** The same within each segment. */
  readonly slices: readonly (Effect & { readonly segment: string })[];
  /** What an answer of the candidate takes, as a multiple of the incumbent's: geometric means. */
  readonly takes: readonly Taking[];
  readonly lines: readonly EvidenceLine[];
  /** Whether the stored verdict follows from the ledger, and why not. */
  readonly agreement: 'agrees' | 'behind' | 'differs' | 'none';
  readonly explanation: string;
  readonly reason: string;
}

/** One e-value beside the bar that it is held against; logarithms are natural. */
export interface EvidenceLine {
  readonly name: string;
  /** What is refuted where the bar is reached. */
  readonly hypothesis: string;
  readonly logE: number;
  readonly logThreshold: number;
  /** What reaching the bar would do. */
  readonly effect: 'promote' | 'reject';
}
