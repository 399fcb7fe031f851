import {
  silentTelemetry,
  type CampaignStep,
  type CounterName,
  type Evaluation,
  type GaugeName,
  type HistogramName,
  type Labels,
  type StepSpan,
  type Telemetry,
} from './telemetry.ts';

/** One call of a `Telemetry` on another thread, as plain data. */
export type TelemetryMessage =
  | { readonly kind: 'count'; readonly name: CounterName; readonly value: number; readonly labels?: Labels }
  | {
      readonly kind: 'record';
      readonly name: HistogramName;
      readonly value: number;
      readonly labels?: Labels;
    }
  | { readonly kind: 'gauge'; readonly name: GaugeName; readonly value: number; readonly labels?: Labels }
  | { readonly kind: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly kind: 'step-start'; readonly stepId: number; readonly step: CampaignStep }
  | { readonly kind: 'step-end'; readonly stepId: number; readonly labels?: Labels; readonly error?: string };

/**
 * The telemetry of a worker thread: every call is posted to the main thread, which owns the SDK, so that `/metrics`
 * and the exporters see one process. Workers route no requests, so their chat spans are silent.
 */
export function relayTelemetry(post: (message: TelemetryMessage) => void): Telemetry {
  let steps = 0;
  return {
    startChat: silentTelemetry.startChat,
    evaluation: (evaluation) => post({ kind: 'evaluation', evaluation }),
    startCampaignStep: (step) => {
      steps += 1;
      const stepId = steps;
      post({ kind: 'step-start', stepId, step });
      return {
        end: (labels, error) =>
          post({
            kind: 'step-end',
            stepId,
            ...optional(labels),
            ...(error === undefined ? {} : { error }),
          }),
      };
    },
    count: (name, value, labels) => post({ kind: 'count', name, value, ...optional(labels) }),
    record: (name, value, labels) => post({ kind: 'record', name, value, ...optional(labels) }),
    gauge: (name, value, labels) => post({ kind: 'gauge', name, value, ...optional(labels) }),
  };
}

/** The main thread's end: applies messages of one worker. */
export interface TelemetryReceiver {
  readonly receive: (message: TelemetryMessage) => void;
  /** Ends the steps of a worker that died, as failed. */
  readonly abandon: () => void;
}

/** Applies a worker's messages to the real telemetry. A worker that was restarted needs a new receiver. */
export function receiveTelemetry(telemetry: Telemetry): TelemetryReceiver {
  const open = new Map<number, StepSpan>();
  return {
    receive: (message) => {
      switch (message.kind) {
        case 'count':
          return telemetry.count(message.name, message.value, message.labels);
        case 'record':
          return telemetry.record(message.name, message.value, message.labels);
        case 'gauge':
          return telemetry.gauge(message.name, message.value, message.labels);
        case 'evaluation':
          return telemetry.evaluation(message.evaluation);
        case 'step-start':
          open.set(message.stepId, telemetry.startCampaignStep(message.step));
          return undefined;
        case 'step-end':
          open.get(message.stepId)?.end(message.labels, message.error);
          open.delete(message.stepId);
          return undefined;
      }
    },
    abandon: () => {
      for (const step of open.values()) step.end({}, 'the worker stopped');
      open.clear();
    },
  };
}

function optional(labels: Labels | undefined): { readonly labels?: Labels } {
  return labels === undefined ? {} : { labels };
}
