import { diag, DiagLogLevel } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import type { Logger } from '../domain/logger.ts';
import { startCampaignStep } from './campaign-steps.ts';
import { createChatMetrics } from './chat-metrics.ts';
import { startChat } from './chat-span.ts';
import { recordEvaluation } from './evaluation.ts';
import { openMetering, type Metering } from './metering.ts';
import { general } from './names.ts';
import { providerAttributes } from './provider.ts';
import { createRecentSpans } from './recent-spans.ts';
import { silentTelemetry, type Telemetry } from './telemetry.ts';
import { openTracing, type Tracing } from './tracing.ts';

/** What telemetry is told at start; everything else are the standard `OTEL_*` variables. */
export interface TelemetrySettings {
  /** The process' environment; only `OTEL_*` names are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Base URL of the upstream, for `gen_ai.provider.name` and the server's address. */
  readonly upstream: string;
  /** Whether prompts, completions and comments may leave the process in spans. */
  readonly isContentCaptured: boolean;
  readonly logger: Logger;
}

/** Telemetry with its own life. */
export interface RunningTelemetry {
  readonly telemetry: Telemetry;
  /** All metrics in Prometheus' text format. */
  readonly metricsText: () => Promise<string>;
  /** Sends what is queued, now. Never rejects. */
  readonly flush: () => Promise<void>;
  /** Sends what is queued and stops, within the deadline. Never rejects. */
  readonly shutdown: (deadlineMs: number) => Promise<void>;
}

/** Scored spans that feedback can still be bound to exactly; about 2 MB when full. */
const recentSpansMax = 10_000;

/** Longest text of the SDK's own warnings that reaches the log. */
const diagnosticCharactersMax = 300;

/**
 * Starts telemetry. Metrics are always kept, for `/metrics`; traces and pushed metrics exist only where an OTLP endpoint
 * is set. `OTEL_SDK_DISABLED=true` switches everything off.
 */
export async function startTelemetry(settings: TelemetrySettings): Promise<RunningTelemetry> {
  const { environment } = settings;
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return disabledTelemetry;
  reportDiagnostics(settings.logger);
  const resource = describeProcess(settings.version);
  const [metering, tracing] = await Promise.all([
    openMetering(resource, {
      isExported: isExported(environment, 'METRICS'),
      intervalMs: environment['OTEL_METRIC_EXPORT_INTERVAL'],
    }),
    isExported(environment, 'TRACES') ? openTracing(resource, environment['OTEL_TRACES_SAMPLER']) : null,
  ]);
  const parts = tracing === null ? [metering] : [metering, tracing];
  return {
    telemetry: createTelemetry(settings, metering, tracing),
    metricsText: metering.text,
    flush: async () => {
      await Promise.allSettled(parts.map((part) => part.flush()));
    },
    shutdown: async (deadlineMs) => {
      const done = Promise.allSettled(parts.map((part) => part.shutdown()));
      await within(done, deadlineMs);
    },
  };
}

const disabledTelemetry: RunningTelemetry = {
  telemetry: silentTelemetry,
  metricsText: async () => '# OTEL_SDK_DISABLED=true\n',
  flush: async () => {},
  shutdown: async () => {},
};

function createTelemetry(
  settings: TelemetrySettings,
  metering: Metering,
  tracing: Tracing | null,
): Telemetry {
  const { instruments } = metering;
  const recentSpans = createRecentSpans(recentSpansMax);
  const { isContentCaptured } = settings;
  const provider = providerAttributes(settings.upstream);
  const chat = {
    tracer: tracing?.requestTracer ?? null,
    measure: createChatMetrics(metering.histograms, provider),
    recentSpans,
    provider,
    isContentCaptured,
  };
  const { requestTracer, requestIds, campaignTracer, campaignIds } = tracing ?? {};
  const evaluation =
    requestTracer === undefined || requestIds === undefined
      ? null
      : { tracer: requestTracer, forcedIds: requestIds, recentSpans, isContentCaptured };
  return {
    startChat: (start) => startChat(chat, start),
    evaluation: (value) => {
      if (evaluation !== null) recordEvaluation(evaluation, value);
    },
    startCampaignStep: (step) =>
      campaignTracer === undefined || campaignIds === undefined
        ? silentTelemetry.startCampaignStep(step)
        : startCampaignStep(campaignTracer, campaignIds, step),
    ...instruments,
  };
}

/** Whether a signal has somewhere to go: an endpoint of its own or the general one, and no exporter called `none`. */
function isExported(environment: TelemetrySettings['environment'], signal: 'TRACES' | 'METRICS'): boolean {
  if (environment[`OTEL_${signal}_EXPORTER`] === 'none') return false;
  const endpoint =
    environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ?? environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return endpoint !== undefined && endpoint.trim() !== '';
}

/** `service.name` is `ratchet` unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` names it otherwise. */
function describeProcess(version: string): Resource {
  return defaultResource()
    .merge(resourceFromAttributes({ [general.serviceName]: 'ratchet', [general.serviceVersion]: version }))
    .merge(detectResources({ detectors: [envDetector] }));
}

/** The SDK's own warnings (a collector that does not answer) belong into our log. */
function reportDiagnostics(logger: Logger): void {
  const warn = (message: string): void =>
    logger.warn('telemetry-warning', { message: message.slice(0, diagnosticCharactersMax) });
  diag.setLogger(
    { error: warn, warn, info: () => {}, debug: () => {}, verbose: () => {} },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** Waits for work, but no longer than the deadline. */
async function within(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  const { promise: expired, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, deadlineMs);
  try {
    await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
