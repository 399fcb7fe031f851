import type { Tracer } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { createForcedIds, type ForcedIds } from './forced-ids.ts';
import { scopeName } from './names.ts';

/** Where spans are made, and how what is queued gets out. */
export interface Tracing {
  /** Routed requests and evaluations, sampled as `OTEL_TRACES_SAMPLER` says. */
  readonly requestTracer: Tracer;
  readonly requestIds: ForcedIds;
  /** Campaigns: rare and worth keeping whole, so all of them unless the sampler is an `always_off` one. */
  readonly campaignTracer: Tracer;
  readonly campaignIds: ForcedIds;
  readonly flush: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
}

/**
 * Opens trace export over OTLP/HTTP protobuf. The SDK and the exporter are loaded here and not at the top, since they
 * cost 200 ms of start-up that nobody without a collector should pay. Endpoint, headers, sampler, batch sizes and limits
 * come from the standard `OTEL_*` variables, which the SDK reads itself.
 */
export async function openTracing(resource: Resource, sampler: string | undefined): Promise<Tracing> {
  const [sdk, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
  ]);
  const processor = new sdk.BatchSpanProcessor(new OTLPTraceExporter());
  const requestIds = createForcedIds(new sdk.RandomIdGenerator());
  const campaignIds = createForcedIds(new sdk.RandomIdGenerator());
  const requests = new sdk.BasicTracerProvider({
    resource,
    spanProcessors: [processor],
    idGenerator: requestIds,
  });
  const campaigns = new sdk.BasicTracerProvider({
    resource,
    spanProcessors: [processor],
    idGenerator: campaignIds,
    sampler:
      sampler?.endsWith('always_off') === true ? new sdk.AlwaysOffSampler() : new sdk.AlwaysOnSampler(),
  });
  return {
    requestTracer: requests.getTracer(scopeName),
    requestIds,
    campaignTracer: campaigns.getTracer(scopeName),
    campaignIds,
    flush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}
