import type { Edit } from './edit.ts';

/** What the edits of a task were worth when it was last looked at. Versioned JSON inside the gate's memory. */
export interface CreditReport {
  readonly atMs: number;
  /** `BanditState.feedbacks` then. */
  readonly atFeedback: number;
  /** Answered episodes of this baseline version that were read, the newest ones. */
  readonly episodes: number;
  readonly edits: readonly CreditedEdit[];
}

/** The credit of one edit, pooled over the prompts that it was added to. */
export interface CreditedEdit {
  readonly key: string;
  readonly edit: Edit;
  /** Whether the incumbent has it. */
  readonly isServing: boolean;
  /** Tokens that it adds to each prompt, estimated; negative where it saves some. */
  readonly tokens: number;
  readonly verdict: 'positive' | 'negative' | 'neutral' | 'unclear' | 'not-identified';
  /** Why the verdict is unclear, or why there is no credit; `null` elsewhere. */
  readonly reason: string | null;
  /** On the reward, in [-1, 1], with its 95 % interval; `null` where it is not identified. */
  readonly effect: { readonly estimate: number; readonly low: number; readonly high: number } | null;
  /** Prompts that it was compared in. */
  readonly contexts: number;
  /** Chance of contexts that differ as much if the effect were one, in [0, 1]; 1 for a single context. */
  readonly agreement: number;
  /** Episodes with it and without it that could be compared. */
  readonly episodesWith: number;
  readonly episodesWithout: number;
  readonly isRemovalProposed: boolean;
}
