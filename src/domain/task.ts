import type { ContractConfig } from './contract.ts';
import type { GraderConfig } from './grader.ts';
import type { Skeleton } from './skeleton.ts';
import type { Horizon } from './proposal.ts';
import type { ProposalPurpose, TestMode } from './test-terms.ts';

/** One prompt slot of an agent that Ratchet improves. */
export interface Task {
  readonly id: string;
  /** Shown to people; for automatic tasks made from the first words of the prompt. */
  readonly name: string;
  readonly scope: string;
  readonly baseline: Baseline;
  readonly config: TaskConfig;
  readonly createdAtMs: number;
}

/** The prompt that the agent itself sends. */
export interface Baseline {
  /** From 1; a new one begins when the developer changes the prompt. */
  readonly version: number;
  readonly skeleton: Skeleton;
  /** How many prompts have matched the skeleton since it last changed; see `settledAfter`. */
  readonly stableFor: number;
}

/** Prompts that must match a skeleton unchanged before the learner writes edits against it. */
export const settledAfter = 20;

/** What a user may set per task in `ratchet.yaml`. */
export interface TaskConfig {
  /** Replaces the alias `ratchet/<task>` upstream. */
  readonly model: string | null;
  /** Weight of each metric in the reward, > 0. */
  readonly reward: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, MetricConfig>>;
  readonly graders: readonly GraderConfig[];
  /** Phrases that no edit may touch. */
  readonly protect: readonly string[];
  readonly budget: BudgetConfig;
  readonly gate: GateConfig;
  /** How shadow evaluation goes about; absent: by default. */
  readonly shadow?: ShadowConfig;
  readonly bandit: BanditConfig;
  /** What answers must look like; absent: what each request declares; `off`: nobody looks. */
  readonly contract?: ContractConfig | 'off';
  readonly learner: LearnerConfig;
}

export interface MetricConfig {
  readonly type: 'boolean' | 'number';
  /** Inclusive; booleans are 0 or 1. */
  readonly range: readonly [number, number];
  readonly optimize: 'max' | 'min';
  /** Non-inferiority margin; absent where the metric is no guardrail. */
  readonly guardrail: { readonly margin: number } | null;
  /** What measures it on recorded answers, so that it can guard a test; absent: feedback alone tells it. */
  readonly grader?: GraderConfig;
}

export interface BudgetConfig {
  readonly usdPerDay: number;
  readonly shadowRequestsPerDay: number;
  /** Largest share of traffic, (0, 1], that a newly admitted arm starts with and that the floor spreads. */
  readonly exploreShare: number;
}

export interface GateConfig {
  readonly alpha: number;
  /** Proposals that share one alpha budget, or `life` for one budget for ever. */
  readonly block: number | 'life';
  /** Non-inferiority margin of guardrails without their own. */
  readonly margin: number;
  /** Smallest effect worth waiting for; sets futility. */
  readonly mde: number;
  readonly attributionWindowMs: number;
  readonly approve: 'auto' | 'manual';
  /** Whether an edit may be of any size; for worlds and users that replace whole prompts. */
  readonly isEditSizeLimited: boolean;
  /** Whether guardrails and slices are to be shown at the test's own level; absent: no. */
  readonly isStrict?: boolean;
  /** What a proposal has to show, by its purpose; absent: `superiority`, for `prune` `equivalence`. */
  readonly modes?: Readonly<Partial<Record<ProposalPurpose, TestMode>>>;
  /** What must get better in equivalence mode: a name of `gate/guardrails.ts`; absent: `tokens`. */
  readonly secondary?: string;
  /** Declared segments that no promotion may hurt by more than the margin; absent: none. */
  readonly slices?: Readonly<Record<string, { readonly margin: number }>>;
  /** Recorded requests that are asked again every day to notice a changed model, ≥ 0; absent: 20. 0: none. */
  readonly pinnedRequests?: number;
}

export interface ShadowConfig {
  /**
   * - `replay`: requests are asked again from what was recorded.
   * - `mirror`: requests are asked again soon after they came; their texts are handed over in memory and never stored.
   */
  readonly mode: 'replay' | 'mirror';
  /** Model calls a minute, > 0; `null`: no limit of the task's own. */
  readonly requestsPerMinute: number | null;
  /** Requests of one conversation that are asked again, ≥ 1. */
  readonly turnsMax: number;
}

/** How shadow evaluation goes about where nothing is said. */
export const defaultShadow: ShadowConfig = { mode: 'replay', requestsPerMinute: null, turnsMax: 4 };

export interface BanditConfig {
  readonly policy: 'tsallis' | 'shannon';
  /** Forgetting window W in observed feedbacks; `null`: max(1000, 60·arms). */
  readonly windowFeedbacks: number | null;
  /**
   * What an arm is expected to lose before much is known of it; absent: `mean`.
   * - `mean`: what all arms lose.
   * - `expo`: what arms with like edits lose, by ridge regression over embeddings of their edits.
   */
  readonly prior?: 'mean' | 'expo';
}

/** The adversarial bandit over prompts (`stats/expo.ts`), as far as a user has said how it goes about. */
export interface ExpoChoice {
  /** What estimates scores: a ridge regression, or the published network, smaller. Absent: `ridge`. */
  readonly estimator?: 'ridge' | 'network';
  /** η > 0. */
  readonly eta?: number;
  /** Factors on sums and on the weight of data for each round since, (0, 1]; 1 never forgets. */
  readonly sumDecay?: number;
  readonly dataDecay?: number;
  /** Probability that all choices share alike, [0, 1). */
  readonly floor?: number;
}

export interface LearnerConfig {
  readonly optimizers: readonly string[];
  /** Open campaigns at a time. */
  readonly openCampaignsMax: number;
  /**
   * Who is asked next; absent: `learned`.
   * - `learned`: what promoted most for its cost, here and in other tasks.
   * - `turns`: one after the other, each as published.
   */
  readonly choice?: 'learned' | 'turns';
  /** Recorded requests that a question shows, ≥ 1; absent: learned from what came of each number. */
  readonly batchSize?: number;
  /** Which score of a request is shown; absent: learned. */
  readonly horizon?: Horizon;
  /** The metric that feedback gives to single requests of a conversation; absent: none, so only the whole counts. */
  readonly stepMetric?: string;
  /** How `exemplars` and `rephrase` score what they have not tried; absent: as each of them has it. */
  readonly expo?: ExpoChoice;
  /** Whether wordings of the optimizers' own instructions are tried; absent: `off`. Needs `learned` choices. */
  readonly metaPrompt?: 'off' | 'on';
  /** From where edits are brought that proved themselves elsewhere; absent: `scope`, other tasks of the same scope. */
  readonly warmStart?: 'off' | 'scope' | 'all';
  /**
   * Whether a proposal may quote recorded requests as worked examples; absent: `allow`.
   * - `allow`: those with a right answer from a trusted source, unless they hold personal data or secrets.
   * - `redact`: with marks such as `[mail]` in the place of these; the optimizer model is shown the marks too.
   * - `forbid`: never.
   */
  readonly examples?: ExamplesPolicy;
}

/** Whether prompts may quote recorded requests. */
export type ExamplesPolicy = 'allow' | 'redact' | 'forbid';

/** What holds where the user said nothing. */
export const defaultTaskConfig: TaskConfig = {
  model: null,
  reward: { score: 1 },
  metrics: { score: { type: 'number', range: [0, 1], optimize: 'max', guardrail: null } },
  graders: [{ kind: 'exact', against: 'expected', weight: 1 }],
  protect: [],
  budget: { usdPerDay: 5, shadowRequestsPerDay: 2000, exploreShare: 0.1 },
  gate: {
    alpha: 0.05,
    block: 25,
    margin: 0.02,
    mde: 0.02,
    attributionWindowMs: 7 * 86_400_000,
    approve: 'auto',
    isEditSizeLimited: true,
  },
  bandit: { policy: 'tsallis', windowFeedbacks: null },
  learner: { optimizers: ['opro', 'textual-gradient'], openCampaignsMax: 4 },
};
