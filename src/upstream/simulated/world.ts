import type { Edit } from '../../domain/edit.ts';
import type { Price } from '../../domain/price.ts';

/** A parsed world file, every default filled in. `worlds/README.md` describes the file. */
export type World = FacetsWorld | ReplayWorld;

interface WorldSettings {
  readonly name: string;
  /** Live requests per simulated day, evenly spaced. */
  readonly requestsPerDay: number;
  readonly prices: Price;
  /** A task configuration as it would stand in `ratchet.yaml`, not yet parsed; `null` where the file has none. */
  readonly task: unknown;
  readonly judge: JudgeBehaviour;
  readonly feedback: FeedbackBehaviour;
}

/** A world whose quality depends on phrases in the prompt. */
export interface FacetsWorld extends WorldSettings {
  readonly kind: 'facets';
  readonly agent: AgentBehaviour;
  readonly model: ModelBehaviour;
  /** Ascending by `atRequest`. */
  readonly shifts: readonly ModelShift[];
  readonly optimizer: OptimizerBehaviour & { readonly edits: readonly PoolEdit[] };
}

/** A world that plays back what real models got right. */
export interface ReplayWorld extends WorldSettings {
  readonly kind: 'replay';
  readonly source: string | null;
  readonly prompts: readonly RecordedPrompt[];
  /** Id of the prompt that the agent sends. */
  readonly baseline: string;
  readonly items: readonly RecordedItem[];
  /** By model, then prompt: one `0` or `1` per item. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By model, then prompt: the share of right answers, where no more than that is known. */
  readonly accuracy: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The model that answers first. */
  readonly model: string;
  /** Ascending by `atRequest`. */
  readonly shifts: readonly ReplayShift[];
  readonly optimizer: OptimizerBehaviour;
}

/** Something that the agent is asked, with the answer that it should give. */
export interface WorldInput {
  readonly text: string;
  readonly answer: string;
  readonly segment: string | null;
  /** Logits that are taken off the chance of a right answer. */
  readonly difficulty: number;
}

interface AgentBehaviour {
  /** Slots are written `{{name}}`. */
  readonly systemPrompt: string;
  /** Values of each slot; each episode draws one at random. */
  readonly slots: Readonly<Record<string, readonly string[]>>;
  /** Each request draws one at random, all alike. */
  readonly inputs: readonly WorldInput[];
  /** Requests per episode. */
  readonly turns: number;
  /** Ascending by `atRequest`: the developer ships another prompt. */
  readonly promptChange: readonly { readonly atRequest: number; readonly systemPrompt: string }[];
}

/** How a completion carries its answer. */
export type OutputForm = 'text' | 'json' | 'tool';

export interface ModelBehaviour {
  /** Chance in [0, 1] of a right answer to an input of difficulty 0 with the agent's own prompt and no facet. */
  readonly baseAccuracy: number;
  /** c in [0, 1]: how much of the luck belongs to the input rather than to the call. */
  readonly consistency: number;
  readonly wrongAnswers: readonly string[];
  /** Logits lost per token that the prompt is longer than the agent's own. */
  readonly promptTokenPenalty: number;
  readonly outputTokens: number;
  readonly latencyMs: number;
  readonly facets: readonly Facet[];
  readonly interactions: readonly Interaction[];
  readonly output: OutputForm;
  /** Share of json and tool outputs that do not parse. */
  readonly malformed: number;
}

/** A property of a prompt, present when any of its phrases stands in it. Effects are in logits. */
export interface Facet {
  readonly id: string;
  readonly any: readonly string[];
  readonly effect: number;
  /** Further effect by segment. */
  readonly segments: Readonly<Record<string, number>>;
  readonly outputTokens: number;
  readonly latencyMs: number;
}

/** An effect, in logits, that comes only with all of the facets. */
interface Interaction {
  readonly facets: readonly string[];
  readonly effect: number;
}

/** What a model upgrade changes; `null` leaves a value as it was. */
export interface ModelShift {
  readonly atRequest: number;
  readonly baseAccuracy: number | null;
  readonly consistency: number | null;
  readonly promptTokenPenalty: number | null;
  readonly outputTokens: number | null;
  readonly latencyMs: number | null;
  readonly facets: Readonly<Record<string, FacetShift>>;
}

export interface FacetShift {
  readonly effect: number | null;
  readonly segments: Readonly<Record<string, number>> | null;
  readonly outputTokens: number | null;
  readonly latencyMs: number | null;
}

interface ReplayShift {
  readonly atRequest: number;
  readonly model: string;
}

export interface OptimizerBehaviour {
  /** Chance in [0, 1] of choosing by what helps the failures shown, rather than blindly. */
  readonly insight: number;
  /** Phrases in the optimizer's own prompt that raise (`insight`) or lower (`harm`) that chance. */
  readonly facets: readonly OptimizerFacet[];
}

interface OptimizerFacet {
  readonly any: readonly string[];
  readonly insight: number;
  readonly harm: number;
}

/** An edit that the optimizer model knows, with how often a blind choice falls on it, relative to the others. */
export interface PoolEdit {
  readonly edit: Edit;
  readonly weight: number;
}

export interface JudgeBehaviour {
  readonly falsePass: number;
  readonly falseFail: number;
  /** By facet: added to the chance to pass of an answer that was written under a prompt with that facet. */
  readonly facetBias: Readonly<Record<string, number>>;
  /** In [-1, 1]: chance that a tie goes to the first answer; negative values favour the second. */
  readonly orderBias: number;
}

export interface FeedbackBehaviour {
  readonly metric: string;
  /** Least and most live requests between answer and feedback, both included. */
  readonly delayRequests: readonly [number, number];
  readonly missing: number;
  /** By facet: the share missing while the facet is in the prompt, in place of `missing`. */
  readonly missingByFacet: Readonly<Record<string, number>>;
  readonly flip: number;
  readonly withExpected: number;
  readonly withComment: number;
  readonly level: 'request' | 'episode';
}

export interface RecordedPrompt {
  readonly id: string;
  readonly text: string;
}

interface RecordedItem {
  readonly id: string;
  readonly text: string;
  readonly answer: string;
  readonly segment: string | null;
}
