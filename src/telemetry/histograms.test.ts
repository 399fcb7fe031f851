import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  MeterProvider,
  MetricReader,
  type DataPoint,
  type Histogram,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHistograms, type HistogramDefinition, type Histograms } from './histograms.ts';

class TestReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

const definition: HistogramDefinition = { unit: 's', description: 'waiting', boundaries: [0, 1, 5] };
const resource = resourceFromAttributes({ 'service.name': 'x' });

function readerOf({ producer }: Pick<Histograms<'wait'>, 'producer'>): MetricReader {
  const reader = new TestReader({ metricProducers: [producer] });
  const provider = new MeterProvider({ resource, readers: [reader] });
  provider.getMeter('unused');
  return reader;
}

async function pointsOf(reader: MetricReader): Promise<readonly DataPoint<Histogram>[]> {
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ dataPoints }) => dataPoints.flatMap((point) => (isHistogram(point) ? [point] : []))),
  );
}

function isHistogram(point: DataPoint<unknown>): point is DataPoint<Histogram> {
  return typeof point.value === 'object' && point.value !== null && 'buckets' in point.value;
}

describe('histograms', () => {
  test('report what those of the SDK would', async () => {
    const values = fc.array(
      fc.record({ value: fc.double({ min: 0, max: 9, noNaN: true }), who: fc.constantFrom('a', 'b') }),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(values, async (recorded) => {
        const own = createHistograms({ wait: definition }, resource);
        const ownReader = readerOf(own);
        const reader = new TestReader({
          aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
        });
        const sdk = new MeterProvider({ resource, readers: [reader] })
          .getMeter('x')
          .createHistogram('wait', { advice: { explicitBucketBoundaries: [...definition.boundaries] } });
        for (const { value, who } of recorded) {
          own.series('wait', { who })(value);
          sdk.record(value, { who });
        }
        const [ours, theirs] = [await pointsOf(ownReader), await pointsOf(reader)];
        expect(ours.map(({ attributes, value }) => ({ attributes, value }))).toEqual(
          theirs.map(({ attributes, value }) => ({ attributes, value })),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('are the same series whatever the order of their labels, and none before their first value', async () => {
    const own = createHistograms({ wait: definition }, resource);
    const reader = readerOf(own);
    const [one, other] = [own.series('wait', { a: 1, b: 2 }), own.series('wait', { b: 2, a: 1 })];
    expect(await pointsOf(reader)).toEqual([]);
    one(2);
    other(3);
    expect((await pointsOf(reader)).map(({ value }) => [value.count, value.sum])).toEqual([[2, 5]]);
  });

  test('are bounded in number, however many names clients make up', async () => {
    const own = createHistograms({ wait: definition }, resource);
    const reader = readerOf(own);
    for (let n = 0; n < 2_500; n += 1) own.series('wait', { model: `m${n}` })(1);
    const points = await pointsOf(reader);
    expect(points).toHaveLength(2_001);
    expect(points.at(-1)).toMatchObject({
      attributes: { 'otel.metric.overflow': true },
      value: { count: 500 },
    });
  });
});
