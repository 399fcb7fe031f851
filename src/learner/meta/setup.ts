import type { DrawnWording, Horizon, ProposalSetup } from '../../domain/proposal.ts';
import type { Place } from './place.ts';

/** Numbers of recorded requests that one question may show; those that Nie et al. (2026) compare. */
export const batchSizes: readonly number[] = [1, 3, 5, 10, 20];

/** How one turn of the learner goes about. */
export interface Setup extends Pick<ProposalSetup, 'batchSize' | 'horizon'> {
  readonly optimizer: string;
}

/** What may be chosen from; each list has at least one entry. */
export interface SetupSpace {
  readonly optimizers: readonly string[];
  readonly batchSizes: readonly number[];
  readonly horizons: readonly Horizon[];
}

/** What became of one proposal, as far as the choice of a setup is concerned. */
export interface SetupOutcome {
  readonly optimizer: string;
  /** `null`: from before there was a choice. */
  readonly batchSize: number | null;
  readonly horizon: Horizon | null;
  /** 1 where it was promoted and stayed, else 0. */
  readonly gain: number;
  /** In calls of the agent's model, > 0. */
  readonly cost: number;
  /** How much it counts, (0, 1]: outcomes of other tasks count less. */
  readonly weight: number;
  /** Where its task stood when it was proposed. */
  readonly place: Place;
  /** How the optimizer's instruction was put; absent: as it stands, without a draw. */
  readonly wording?: DrawnWording;
}

/** A chosen setup, and why in a sentence without any text of a prompt. */
export interface ChosenSetup extends Setup {
  /** Where the task stood. */
  readonly place: Place;
  /** How the optimizer's instruction is put; absent: as it stands, without a draw. */
  readonly wording?: DrawnWording;
  readonly reason: string;
}
