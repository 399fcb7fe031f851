import type { AuditEntry } from '../domain/audit-entry.ts';

/** Whose words are to go. */
export type ForgetTarget =
  | { readonly kind: 'decision'; readonly decisionId: string }
  /** `scope`: only where the episode is of this one; absent: of any. */
  | { readonly kind: 'episode'; readonly episodeId: string; readonly scope?: string }
  /** All that came with one key, or one client's credential. */
  | { readonly kind: 'scope'; readonly scope: string };

/** Takes a user's words out of what is stored. What was counted stays: probabilities, sums, ledgers, rewards. */
export interface Forgetting {
  /**
   * One transaction of the way: texts of requests and answers, comments, ground truth and tags of feedback, and the
   * answers that variants gave to these requests. Goes on `from` where the one before it ended. The entry is written
   * with the first part.
   */
  readonly forget: (target: ForgetTarget, from: string | null, audit: AuditEntry) => Promise<Forgotten>;
}

/** What one part has taken away. */
export interface Forgotten {
  /** Requests whose text is gone. */
  readonly decisions: number;
  /** Feedback whose comment, ground truth or tags are gone. */
  readonly feedback: number;
  readonly groundTruths: number;
  readonly shadowRuns: number;
  /** Where the next part begins; `null`: all is gone. */
  readonly next: string | null;
}
