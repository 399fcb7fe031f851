import type { ProposalPurpose } from './test-terms.ts';
import type { Variant } from './variant.ts';

/** A candidate variant with where it came from. */
export interface Proposal {
  readonly variant: Variant;
  /** Variant whose edits it extends: the incumbent when it was proposed. */
  readonly parentId: string;
  /** Name of the optimizer, or `by-hand` where a person wrote it, or `rebase` where it restarts something on a new incumbent or baseline. */
  readonly optimizer: string;
  /** Campaign that it restarts, where `optimizer` is `rebase`; `null` where nobody knows it any more. */
  readonly originCampaignId: string | null;
  /** Decisions whose traces the optimizer was shown; never used as evidence. */
  readonly shownDecisionIds: readonly string[];
  /** Trace ids of those decisions, for span links. */
  readonly shownTraceIds: readonly string[];
  readonly costUsd: number;
  readonly atMs: number;
  /** What it is for, by which the gate chooses what it has to show; absent: `improve`. */
  readonly purpose?: ProposalPurpose;
  /** How the learner went about it; absent: no model was asked, or it is from before there was a choice. */
  readonly setup?: ProposalSetup;
}

/** What the learner chose for the turn that a proposal came from. */
export interface ProposalSetup {
  /** Most recorded requests that one question showed; `null`: as the optimizer has it. */
  readonly batchSize: number | null;
  readonly horizon: Horizon;
  /** Calls of the optimizer model, shared out evenly among the proposals of the turn. */
  readonly calls: number;
  /** Why, in counts and names of optimizers; absent: from before it was kept. */
  readonly reason?: string;
  /** How the optimizer's own instruction was put; absent: as it stands, without a draw. */
  readonly wording?: DrawnWording;
}

/** A wording of optimizers' instructions that was drawn for a turn, and how likely that was. */
export interface DrawnWording {
  readonly id: string;
  /** In (0, 1]. */
  readonly propensity: number;
}

/**
 * Which score of a request an optimizer is shown.
 * - `step`: its own, where feedback named the request.
 * - `episode`: that of the whole conversation, which is what is tested and paid for in the end.
 */
export type Horizon = 'step' | 'episode';
