import { ValueType, type Attributes, type HrTime } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { scopeName } from './names.ts';

/** What a histogram is called, and where its buckets end. */
export interface HistogramDefinition {
  readonly unit: string;
  readonly description: string;
  /** Upper ends of the buckets, inclusive, ascending. */
  readonly boundaries: readonly number[];
}

/** Takes one value of a histogram under one set of labels. */
export type RecordValue = (value: number) => void;

/**
 * Histograms that count by themselves, cumulatively. The SDK finds the series of a value by sorting and hashing its
 * labels, once for each reader, which costs more than all else that is done for a request; here a series is looked up
 * once and kept by whoever records. Readers get them as a metric producer (OpenTelemetry's metrics SDK, MetricProducer).
 */
export interface Histograms<Name extends string> {
  /** The series of these labels. Beyond 2,000 of a histogram all others are one, as the SDK has it. */
  readonly series: (name: Name, labels: Attributes) => RecordValue;
  /** What has been counted. */
  readonly producer: MetricProducer;
}

/** Series of one histogram; labels may hold names that clients choose. */
const seriesMax = 2_000;

/** Label of the series that takes all further ones, by OpenTelemetry's specification. */
const overflow: Attributes = { 'otel.metric.overflow': true };

interface Counts {
  readonly labels: Attributes;
  readonly buckets: number[];
  sum: number;
  count: number;
  min: number;
  max: number;
}

/** Starts with nothing counted. */
export function createHistograms<Name extends string>(
  definitions: Readonly<Record<Name, HistogramDefinition>>,
  resource: Resource,
): Histograms<Name> {
  const startTime = hrTime();
  const counted = new Map<Name, Map<string, Counts>>();

  const countsOf = (name: Name, labels: Attributes): Counts => {
    const all = counted.get(name) ?? new Map<string, Counts>();
    counted.set(name, all);
    const key = JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)));
    const known = all.get(key);
    if (known !== undefined) return known;
    if (all.size >= seriesMax && labels !== overflow) return countsOf(name, overflow);
    const counts = emptyCounts(labels, definitions[name].boundaries.length + 1);
    all.set(key, counts);
    return counts;
  };
  const metricOf = (name: Name, all: ReadonlyMap<string, Counts>, endTime: HrTime): HistogramMetricData => {
    const { unit, description, boundaries } = definitions[name];
    return {
      descriptor: { name, unit, description, valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [...all.values()].map(({ labels, buckets, sum, count, min, max }) => ({
        startTime,
        endTime,
        attributes: labels,
        value: { buckets: { boundaries: [...boundaries], counts: [...buckets] }, sum, count, min, max },
      })),
    };
  };

  return {
    series: (name, labels) => {
      const { boundaries } = definitions[name];
      let counts: Counts | undefined;
      return (value) => {
        // Looked up at the first value, so that a series without any is not reported.
        counts ??= countsOf(name, labels);
        add(counts, boundaries, value);
      };
    },
    producer: {
      collect: async () => {
        const endTime = hrTime();
        const metrics = [...counted].map(([name, all]) => metricOf(name, all, endTime));
        return {
          resourceMetrics: { resource, scopeMetrics: [{ scope: { name: scopeName }, metrics }] },
          errors: [],
        };
      },
    },
  };
}

function emptyCounts(labels: Attributes, buckets: number): Counts {
  const none = Array.from({ length: buckets }, () => 0);
  return { labels, buckets: none, sum: 0, count: 0, min: Infinity, max: -Infinity };
}

function add(counts: Counts, boundaries: readonly number[], value: number): void {
  let bucket = 0;
  while (bucket < boundaries.length && value > (boundaries[bucket] ?? 0)) bucket += 1;
  counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1;
  counts.sum += value;
  counts.count += 1;
  counts.min = Math.min(counts.min, value);
  counts.max = Math.max(counts.max, value);
}
