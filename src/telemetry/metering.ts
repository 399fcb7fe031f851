import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { Resource } from '@opentelemetry/resources';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type IMetricReader,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { HistogramName } from './telemetry.ts';
import { createHistograms, type Histograms } from './histograms.ts';
import { createInstruments, histogramDefinitions, type Instruments } from './metrics.ts';
import { scopeName } from './names.ts';

/** Where numbers go. */
export interface Metering {
  readonly instruments: Instruments;
  /** For what is recorded with every request: series to keep. */
  readonly histograms: Pick<Histograms<HistogramName>, 'series'>;
  /** All metrics as they stand, in Prometheus' text format. */
  readonly text: () => Promise<string>;
  readonly flush: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
}

/** Milliseconds between exports where `OTEL_METRIC_EXPORT_INTERVAL` says nothing, as the specification has it. */
const exportIntervalMsDefault = 60_000;

/**
 * Opens metrics: always readable as Prometheus text, and pushed over OTLP/HTTP protobuf too when `isExported`.
 * `intervalMs` is the text of `OTEL_METRIC_EXPORT_INTERVAL`; anything but a positive number means the default.
 */
export async function openMetering(
  resource: Resource,
  { isExported, intervalMs }: { readonly isExported: boolean; readonly intervalMs: string | undefined },
): Promise<Metering> {
  const histograms = createHistograms(histogramDefinitions, resource);
  const metricProducers = [histograms.producer];
  const prometheus = new PrometheusExporter({ preventServerStart: true, metricProducers });
  const readers: IMetricReader[] = [prometheus];
  if (isExported) readers.push(await openPeriodicReader(intervalMs, metricProducers));
  const provider = new MeterProvider({ resource, readers });
  const serializer = new PrometheusSerializer();
  return {
    instruments: createInstruments(provider.getMeter(scopeName), histograms),
    histograms,
    text: async () => serializer.serialize((await prometheus.collect()).resourceMetrics),
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
  };
}

async function openPeriodicReader(
  intervalMs: string | undefined,
  metricProducers: MetricProducer[],
): Promise<IMetricReader> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
  const interval = Number(intervalMs);
  return new PeriodicExportingMetricReader({
    metricProducers,
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: interval > 0 ? interval : exportIntervalMsDefault,
  });
}
