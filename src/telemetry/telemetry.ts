/**
 * What the rooms report, in Ratchet's own words. `otel.ts` turns it into OpenTelemetry; `silentTelemetry` drops it.
 * No method throws or waits.
 *
 * The end of a chat span records `ratchet.overhead` and the `gen_ai.client.*` histograms itself; every other number is
 * the caller's to report. Durations of histograms are seconds.
 */
export interface Telemetry {
  /** Begins the span `chat {model}` of one routed request. */
  readonly startChat: (start: ChatStart) => ChatSpan;
  /** A feedback value, as a `gen_ai.evaluation.result` event bound to the scored span where that is known. */
  readonly evaluation: (evaluation: Evaluation) => void;
  /** One step of a campaign; all steps of a campaign share one trace, linked to the traces that taught it. */
  readonly startCampaignStep: (step: CampaignStep) => StepSpan;
  readonly count: (name: CounterName, value: number, labels?: Labels) => void;
  readonly record: (name: HistogramName, value: number, labels?: Labels) => void;
  readonly gauge: (name: GaugeName, value: number, labels?: Labels) => void;
}

export type Labels = Readonly<Record<string, string | number | boolean>>;

export interface ChatStart {
  /** The client's `traceparent` and `tracestate` headers, continued when valid. */
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  readonly apiType: 'chat_completions' | 'responses';
  readonly model: string;
  readonly isStream: boolean;
  readonly startedAtMs: number;
}

export interface ChatSpan {
  /** For the decision row; `null` when the span is not sampled. */
  readonly traceId: string | null;
  /** Headers to send upstream so that its spans become children; empty when there is nothing to continue. */
  readonly upstreamHeaders: readonly string[];
  /** Which variant was served and why. */
  readonly decided: (decided: ChatDecided) => void;
  readonly firstChunk: (latencyMs: number) => void;
  readonly end: (outcome: ChatOutcome) => void;
}

export interface ChatDecided {
  readonly taskName: string;
  readonly variantId: string;
  readonly variantStatus: string;
  readonly decisionId: string;
  readonly episodeId: string;
  readonly planVersion: number;
  readonly propensity: number;
}

export interface ChatOutcome {
  readonly status: number;
  readonly errorType: string | null;
  readonly responseId: string | null;
  readonly responseModel: string | null;
  readonly finishReason: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly latencyMs: number;
  /** Our own share of the latency. */
  readonly overheadMs: number;
  /** Exported only when content capture is switched on. */
  readonly content: { readonly input: string; readonly output: string } | null;
}

export interface Evaluation {
  readonly metric: string;
  readonly value: number | null;
  readonly comment: string | null;
  readonly responseId: string | null;
  readonly decisionId: string | null;
  readonly taskName: string | null;
  readonly traceId: string | null;
}

export interface CampaignStep {
  readonly name: 'learner.propose' | 'gate.screen' | 'gate.shadow' | 'gate.verdict' | 'plan.change';
  readonly campaignId: string;
  readonly taskName: string;
  readonly linkedTraceIds: readonly string[];
  readonly labels?: Labels;
}

export interface StepSpan {
  readonly end: (labels?: Labels, error?: string) => void;
}

/** Counters; units are in the description that `metrics.ts` gives each one. */
export type CounterName =
  | 'ratchet.requests'
  | 'ratchet.fallbacks'
  | 'ratchet.decisions.dropped'
  | 'ratchet.feedback'
  | 'ratchet.feedback.unmatched'
  | 'ratchet.tasks.rejected'
  | 'ratchet.upstream.attempts'
  | 'ratchet.upstream.fallbacks'
  | 'ratchet.keys.limited'
  | 'ratchet.campaigns'
  | 'ratchet.shadow.requests'
  | 'ratchet.shadow.unusable'
  | 'ratchet.shadow.yields'
  | 'ratchet.contract.broken'
  | 'ratchet.learner.turns'
  | 'ratchet.learner.withheld'
  | 'ratchet.learning.usd';

export type HistogramName =
  | 'ratchet.overhead'
  | 'ratchet.reward'
  | 'gen_ai.client.operation.duration'
  | 'gen_ai.client.operation.time_to_first_chunk'
  | 'gen_ai.client.token.usage';

export type GaugeName =
  | 'ratchet.probability'
  | 'ratchet.queue.depth'
  | 'ratchet.ready'
  | 'ratchet.budget.usd_left'
  | 'ratchet.plan.version'
  | 'ratchet.upstream.breaker';

const silentChat: ChatSpan = {
  traceId: null,
  upstreamHeaders: [],
  decided: () => {},
  firstChunk: () => {},
  end: () => {},
};

/** For tests, simulations and `OTEL_SDK_DISABLED=true`. */
export const silentTelemetry: Telemetry = {
  startChat: () => silentChat,
  evaluation: () => {},
  startCampaignStep: () => ({ end: () => {} }),
  count: () => {},
  record: () => {},
  gauge: () => {},
};
