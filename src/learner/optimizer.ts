import type { CreditedEdit } from '../domain/credit-report.ts';
import type { Edit } from '../domain/edit.ts';
import type { Random } from '../domain/random.ts';
import type { ExpoChoice } from '../domain/task.ts';
import type { ProposalPurpose } from '../domain/test-terms.ts';
import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';
import type { ScoredVariant } from './archive.ts';
import type { TriedChange } from './edit-history.ts';
import type { ExampleScores } from './example-scores.ts';

/**
 * Proposes changes of a prompt. An optimizer keeps nothing between calls: where it starts from, what became of its
 * earlier proposals and what may be learned from stand in its context, which is made from the store each time, so
 * that any worker can take over and a restart loses nothing. It may ask the optimizer model several times, or never.
 * It is one file, registered in `optimizers/optimizers.ts`.
 */
export interface Optimizer {
  /** Written to each proposal, and used in the configuration. */
  readonly name: string;
  /** Model calls of a usual turn; absent: 1. */
  readonly calls?: number;
  /** Recorded requests that one question shows, as published; absent: it is not for others to choose. */
  readonly batchSize?: number;
  readonly propose: (context: OptimizerContext) => Promise<OptimizerOutput>;
}

/** All that an optimizer may know. */
export interface OptimizerContext {
  /** The incumbent: what proposals start from. */
  readonly incumbent: Variant;
  /** The incumbent's prompt, slots as `{{name}}`. */
  readonly prompt: string;
  /** Recorded requests that may be shown, newest first; at least one. */
  readonly traces: readonly Trace[];
  /** What has been tried on this version of the baseline, oldest first, with what came of it. */
  readonly tried: readonly TriedChange[];
  /** What may be built on, the best first; the incumbent is always among them. */
  readonly archive: readonly ScoredVariant[];
  /** How well the variants that have served did on each kind of request, from live feedback. */
  readonly scoresByExample: readonly ExampleScores[];
  /** What live traffic says of edits that serve or have served; absent: nothing yet. */
  readonly credit?: readonly CreditedEdit[];
  /** Characters, about, that one step may add to the prompt before the gate refuses it for its size. */
  readonly growthCharactersMax: number;
  /** Proposals that are wanted, ≥ 1. */
  readonly count: number;
  /** Recorded requests that one question is to show, ≥ 1; absent: as many as published. */
  readonly batchSize?: number;
  /** How scores of what was not tried are estimated, as far as a user has said so. */
  readonly expo?: ExpoChoice;
  readonly random: Random;
  readonly ask: Ask;
}

/** What an optimizer makes of it, best first. */
export interface OptimizerOutput {
  /** Each is the whole ordered list of edits on the baseline, so that a proposal may also combine or leave out. */
  readonly candidates: readonly (readonly Edit[])[];
  /** Traces that a candidate quotes without having been asked about them. They count as seen. */
  readonly shown?: readonly Trace[];
  /** What the candidates are for, by which the gate chooses what they have to show; absent: `improve`. */
  readonly purpose?: ProposalPurpose;
}

/**
 * Puts a question to the optimizer model, within budget. Resolves to the usable suggestions; to none where the call
 * failed, the money is spent, the answer is malformed or the edits of `base` have no place in the prompt: the cycle learns why, the optimizer need not.
 */
export type Ask = (question: Question) => Promise<readonly Suggestion[]>;

export interface Question {
  /** The optimizer's own prompt; what every optimizer must say stands before it. */
  readonly instruction: string;
  /** Traces to show. They count as seen. */
  readonly examples: readonly Trace[];
  /** Changes to tell of, the least important first: what does not fit is left out from the front. */
  readonly history: readonly TriedChange[];
  /** The variant whose prompt is shown and edited. Default: the incumbent. */
  readonly base?: Variant;
  /** What the optimizer has to go on beside that, such as earlier answers of this turn. */
  readonly notes?: readonly string[];
  /** Proposals that are wanted of this question, ≥ 1. Default: as many as in the context. */
  readonly count?: number;
}

/** One idea: edits that belong together, to be applied on top of the incumbent, or of the question's `base`. */
export interface Suggestion {
  readonly intent: string;
  readonly edits: readonly Edit[];
}
