import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import generated from 'otlp-transformer/build/src/generated/root.js';

/** A collector for tests: takes OTLP over HTTP, decodes the protobuf and keeps everything. */
export interface OtlpReceiver {
  readonly endpoint: string;
  readonly spans: () => readonly ReceivedSpan[];
  /** The newest data points of a metric. */
  readonly points: (metric: string) => readonly ReceivedPoint[];
  /** Attributes of the last resource seen. */
  readonly resource: () => Attributes;
  readonly contentTypes: () => ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

type Attributes = Readonly<Record<string, unknown>>;

export interface ReceivedSpan {
  readonly name: string;
  readonly kind: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly links: readonly string[];
  readonly status: string;
}

interface ReceivedPoint {
  readonly attributes: Attributes;
  readonly count: number;
  readonly sum: number;
  readonly value: number;
  readonly bounds: readonly number[];
}

interface Decoder {
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly toObject: (message: unknown, options: object) => WireExport;
}

// The generated code declares its types in a way that its own module does not export, so they are given here.
const { collector } = (generated as unknown as GeneratedRoot).opentelemetry.proto;
interface GeneratedRoot {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: {
        readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: Decoder } };
        readonly metrics: { readonly v1: { readonly ExportMetricsServiceRequest: Decoder } };
      };
    };
  };
}

interface WireExport {
  readonly resourceSpans?: readonly {
    readonly resource: WireAttributes;
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly resource: WireAttributes;
    readonly scopeMetrics: readonly { readonly metrics: readonly WireMetric[] }[];
  }[];
}

interface WireAttributes {
  readonly attributes: readonly { readonly key: string; readonly value: WireValue }[];
}

interface WireValue {
  readonly arrayValue?: { readonly values: readonly WireValue[] } | null;
  readonly [kind: string]: unknown;
}

interface WireSpan extends WireAttributes {
  readonly name: string;
  readonly kind: string;
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly events: readonly (WireAttributes & { readonly name: string })[];
  readonly links: readonly { readonly traceId: Uint8Array }[];
  readonly status: { readonly code: string } | null;
}

interface WireMetric {
  readonly name: string;
  readonly histogram?: WirePoints | null;
  readonly sum?: WirePoints | null;
  readonly gauge?: WirePoints | null;
}

interface WirePoints {
  readonly dataPoints: readonly (WireAttributes & {
    readonly count?: number;
    readonly sum?: number;
    readonly asDouble?: number;
    readonly asInt?: number;
    readonly explicitBounds?: readonly number[];
  })[];
}

/** Starts a collector on a free port. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const points = new Map<string, readonly ReceivedPoint[]>();
  const contentTypes = new Set<string>();
  let resource: Attributes = {};
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      contentTypes.add(String(request.headers['content-type']));
      const decoder =
        request.url === '/v1/traces'
          ? collector.trace.v1.ExportTraceServiceRequest
          : collector.metrics.v1.ExportMetricsServiceRequest;
      // Enums as names, bytes as hex text: what a person would compare with.
      const decoded = decoder.toObject(decoder.decode(body), {
        enums: String,
        longs: Number,
        defaults: true,
        arrays: true,
      });
      for (const group of decoded.resourceSpans ?? []) {
        resource = attributesOf(group.resource);
        for (const scope of group.scopeSpans) spans.push(...scope.spans.map(spanOf));
      }
      for (const group of decoded.resourceMetrics ?? []) {
        resource = attributesOf(group.resource);
        for (const scope of group.scopeMetrics)
          for (const metric of scope.metrics) points.set(metric.name, pointsOf(metric));
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => spans,
    points: (metric) => points.get(metric) ?? [],
    resource: () => resource,
    contentTypes: () => contentTypes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function spanOf(span: WireSpan): ReceivedSpan {
  return {
    name: span.name,
    kind: span.kind,
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    attributes: attributesOf(span),
    events: span.events.map((event) => ({ name: event.name, attributes: attributesOf(event) })),
    links: span.links.map((link) => hex(link.traceId)),
    status: span.status?.code ?? 'STATUS_CODE_UNSET',
  };
}

function pointsOf(metric: WireMetric): readonly ReceivedPoint[] {
  const points = (metric.histogram ?? metric.sum ?? metric.gauge)?.dataPoints ?? [];
  return points.map((point) => ({
    attributes: attributesOf(point),
    count: point.count ?? 0,
    sum: point.sum ?? 0,
    value: point.asDouble ?? point.asInt ?? 0,
    bounds: point.explicitBounds ?? [],
  }));
}

function attributesOf({ attributes }: WireAttributes): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: WireValue): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(valueOf);
  const kind = ['stringValue', 'intValue', 'doubleValue', 'boolValue'].find(
    (name) => value[name] !== undefined,
  );
  return kind === undefined ? undefined : value[kind];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
