import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../src/domain/logger.ts';
import { campaignTrace } from '../../src/telemetry/campaign-ids.ts';
import { startTelemetry, type RunningTelemetry } from '../../src/telemetry/otel.ts';
import type { ChatOutcome, ChatStart, Telemetry } from '../../src/telemetry/telemetry.ts';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './support/otlp-receiver.ts';

const callerTrace = '0af7651916cd43dd8448eb211c80319c';
const callerSpan = 'b7ad6b7169203331';
const traceparent = `00-${callerTrace}-${callerSpan}-01`;

const chatStart: ChatStart = {
  apiType: 'responses',
  traceparent: undefined,
  tracestate: undefined,
  model: 'gpt-4o-mini',
  isStream: true,
  startedAtMs: 1_800_000_000_000,
};
const outcome: ChatOutcome = {
  status: 200,
  errorType: null,
  responseId: 'chatcmpl-1',
  responseModel: 'gpt-4o-mini-2024',
  finishReason: 'stop',
  inputTokens: 40,
  outputTokens: 9,
  latencyMs: 640,
  overheadMs: 0.4,
  content: { input: '[{"role":"user","content":"my secret question"}]', output: 'my secret answer' },
};
const decided = {
  taskName: 'triage',
  variantId: 'v1',
  variantStatus: 'canary',
  decisionId: 'd1',
  episodeId: 'e1',
  planVersion: 3,
  propensity: 0.25,
};
const evaluation = {
  metric: 'resolved',
  value: 1,
  comment: 'my secret comment',
  responseId: 'chatcmpl-1',
  decisionId: 'd1',
  taskName: 'triage',
  traceId: null,
};

let receiver: OtlpReceiver;
let running: RunningTelemetry | undefined;
const saved = { ...process.env };

beforeEach(async () => {
  receiver = await startOtlpReceiver();
});

afterEach(async () => {
  await running?.shutdown(2000);
  running = undefined;
  process.env = { ...saved };
  await receiver.close();
});

/** The SDK reads the real environment, so the tests set it there. */
async function start(
  environment: Record<string, string> = {},
  isContentCaptured = false,
): Promise<Telemetry> {
  Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, ...environment });
  running = await startTelemetry({
    environment: process.env,
    version: '1.2.3',
    upstream: 'https://api.openai.com/v1',
    isContentCaptured,
    logger: silentLogger,
  });
  return running.telemetry;
}

async function spanNamed(name: string): Promise<ReceivedSpan> {
  await running?.flush();
  const found = receiver.spans().filter((span) => span.name === name);
  expect(found, `spans named ${name}`).toHaveLength(1);
  return found[0] as ReceivedSpan;
}

describe('a routed request', () => {
  test('arrives as a GenAI client span with what was asked, decided and answered', async () => {
    const telemetry = await start();
    const span = telemetry.startChat(chatStart);
    span.decided(decided);
    span.firstChunk(120);
    span.end(outcome);
    const received = await spanNamed('chat gpt-4o-mini');
    expect(received).toMatchObject({
      kind: 'SPAN_KIND_CLIENT',
      traceId: span.traceId,
      parentSpanId: '',
      status: 'STATUS_CODE_UNSET',
    });
    expect(received.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'server.address': 'api.openai.com',
      'server.port': 443,
      'gen_ai.request.model': 'gpt-4o-mini',
      'openai.api.type': 'responses',
      'gen_ai.request.stream': true,
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.response.model': 'gpt-4o-mini-2024',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': 0.12,
      'gen_ai.usage.input_tokens': 40,
      'gen_ai.usage.output_tokens': 9,
      'gen_ai.conversation.id': 'e1',
      'gen_ai.prompt.name': 'triage',
      'gen_ai.prompt.version': 'v1',
      'http.response.status_code': 200,
      'ratchet.decision.id': 'd1',
      'ratchet.plan.version': 3,
      'ratchet.propensity': 0.25,
      'ratchet.variant.status': 'canary',
      'ratchet.overhead_ms': 0.4,
    });
    expect(receiver.contentTypes()).toEqual(new Set(['application/x-protobuf']));
  });

  test("continues the caller's trace and hands it on to upstream", async () => {
    const telemetry = await start();
    const span = telemetry.startChat({ ...chatStart, traceparent, tracestate: 'vendor=1' });
    span.end(outcome);
    const received = await spanNamed('chat gpt-4o-mini');
    expect(received).toMatchObject({ traceId: callerTrace, parentSpanId: callerSpan });
    expect(span.upstreamHeaders).toEqual([
      'traceparent',
      `00-${callerTrace}-${received.spanId}-01`,
      'tracestate',
      'vendor=1',
    ]);
  });

  test.each([
    [{ ...outcome, status: 429 }, '429'],
    [{ ...outcome, status: 0, errorType: 'upstream_timeout' }, 'upstream_timeout'],
  ])('that failed carries its error type (%#)', async (failed, errorType) => {
    const telemetry = await start();
    telemetry.startChat(chatStart).end(failed);
    const received = await spanNamed('chat gpt-4o-mini');
    expect(received.status).toBe('STATUS_CODE_ERROR');
    expect(received.attributes['error.type']).toBe(errorType);
  });

  test.each([
    ['off unless switched on', false],
    ['exported when switched on', true],
  ])('content is %s', async (_, isContentCaptured) => {
    const telemetry = await start({}, isContentCaptured);
    const span = telemetry.startChat(chatStart);
    span.decided(decided);
    span.end(outcome);
    telemetry.evaluation(evaluation);
    await running?.flush();
    const everything = JSON.stringify(receiver.spans());
    for (const secret of ['my secret question', 'my secret answer', 'my secret comment'])
      expect(everything.includes(secret)).toBe(isContentCaptured);
  });
});

describe('sampling', () => {
  test('an unsampled request makes no span and passes its trace headers on unchanged', async () => {
    const telemetry = await start({ OTEL_TRACES_SAMPLER: 'always_off' });
    const fresh = telemetry.startChat(chatStart);
    expect([fresh.traceId, fresh.upstreamHeaders]).toEqual([null, []]);
    fresh.decided(decided);
    fresh.end(outcome);
    const continued = telemetry.startChat({ ...chatStart, traceparent });
    expect([continued.traceId, continued.upstreamHeaders]).toEqual([null, ['traceparent', traceparent]]);
    await running?.flush();
    expect(receiver.spans()).toEqual([]);
  });

  test('the caller decides under the default sampler', async () => {
    const telemetry = await start();
    const unsampled = `00-${callerTrace}-${callerSpan}-00`;
    telemetry.startChat({ ...chatStart, traceparent: unsampled }).end(outcome);
    await running?.flush();
    expect(receiver.spans()).toEqual([]);
  });

  test('without an endpoint there are no spans, and metrics are still readable', async () => {
    const telemetry = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    const span = telemetry.startChat({ ...chatStart, traceparent });
    expect([span.traceId, span.upstreamHeaders]).toEqual([null, ['traceparent', traceparent]]);
    span.end(outcome);
    telemetry
      .startCampaignStep({ name: 'gate.screen', campaignId: 'c', taskName: 't', linkedTraceIds: [] })
      .end();
    telemetry.evaluation(evaluation);
    expect(await running?.metricsText()).toMatch(/gen_ai_client_operation_duration_count\{.*\} 1/);
  });

  test('OTEL_SDK_DISABLED switches everything off', async () => {
    const telemetry = await start({ OTEL_SDK_DISABLED: 'true' });
    telemetry.startChat(chatStart).end(outcome);
    await running?.flush();
    expect(receiver.spans()).toEqual([]);
    expect(await running?.metricsText()).toBe('# OTEL_SDK_DISABLED=true\n');
  });
});

describe('feedback', () => {
  test('is an evaluation event on a child of the scored span', async () => {
    const telemetry = await start();
    const span = telemetry.startChat(chatStart);
    span.decided(decided);
    span.end(outcome);
    telemetry.evaluation(evaluation);
    const scored = await spanNamed('chat gpt-4o-mini');
    const received = await spanNamed('evaluate resolved');
    expect(received).toMatchObject({ traceId: scored.traceId, parentSpanId: scored.spanId });
    expect(received.attributes).toEqual({ 'ratchet.task': 'triage', 'ratchet.decision.id': 'd1' });
    expect(received.events).toEqual([
      {
        name: 'gen_ai.evaluation.result',
        attributes: {
          'gen_ai.evaluation.name': 'resolved',
          'gen_ai.evaluation.score.value': 1,
          'gen_ai.response.id': 'chatcmpl-1',
        },
      },
    ]);
  });

  test('joins the scored trace where only the trace is known', async () => {
    const telemetry = await start();
    telemetry.evaluation({ ...evaluation, traceId: callerTrace });
    expect(await spanNamed('evaluate resolved')).toMatchObject({ traceId: callerTrace, parentSpanId: '' });
  });

  test('names response and decision where nothing else is known', async () => {
    const telemetry = await start();
    telemetry.evaluation(evaluation);
    const received = await spanNamed('evaluate resolved');
    expect(received.attributes['ratchet.decision.id']).toBe('d1');
    expect(received.events[0]?.attributes['gen_ai.response.id']).toBe('chatcmpl-1');
  });
});

describe('a campaign', () => {
  const step = { campaignId: 'c1', taskName: 'triage', linkedTraceIds: [callerTrace] };
  const { traceId, rootSpanId } = campaignTrace('c1');

  test('is one trace, across a restart too, linked to the traces that taught it', async () => {
    const telemetry = await start({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' });
    telemetry.startCampaignStep({ ...step, name: 'learner.propose' }).end({ optimizer: 'opro' });
    const proposed = await spanNamed('learner.propose');
    await running?.shutdown(2000);
    const restarted = await start();
    restarted.startCampaignStep({ ...step, name: 'gate.screen' }).end({}, 'edit too large');
    const screened = await spanNamed('gate.screen');
    expect(proposed).toMatchObject({ traceId, spanId: rootSpanId, parentSpanId: '', links: [callerTrace] });
    expect(screened).toMatchObject({ traceId, parentSpanId: rootSpanId, status: 'STATUS_CODE_ERROR' });
    expect(proposed.attributes).toEqual({
      'ratchet.campaign.id': 'c1',
      'ratchet.task': 'triage',
      'ratchet.optimizer': 'opro',
    });
  });

  test('is not exported when traces are switched off', async () => {
    const telemetry = await start({ OTEL_TRACES_SAMPLER: 'parentbased_always_off' });
    telemetry.startCampaignStep({ ...step, name: 'gate.screen' }).end();
    await running?.flush();
    expect(receiver.spans()).toEqual([]);
  });
});

describe('metrics', () => {
  test('arrive with the units and buckets of the conventions, and the process they come from', async () => {
    const telemetry = await start({ OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' });
    const span = telemetry.startChat(chatStart);
    span.firstChunk(120);
    span.end(outcome);
    telemetry.count('ratchet.requests', 2, { task: 'triage' });
    telemetry.gauge('ratchet.probability', 0.9, { task: 'triage', variant: 'baseline' });
    await running?.flush();
    expect(receiver.points('gen_ai.client.operation.duration')).toMatchObject([
      {
        count: 1,
        sum: 0.64,
        bounds: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
      },
    ]);
    expect(receiver.points('gen_ai.client.operation.time_to_first_chunk')).toMatchObject([{ sum: 0.12 }]);
    const tokens = receiver.points('gen_ai.client.token.usage');
    expect(tokens.map(({ attributes, sum }) => [attributes['gen_ai.token.type'], sum])).toEqual([
      ['input', 40],
      ['output', 9],
    ]);
    expect(receiver.points('ratchet.overhead')).toMatchObject([{ sum: 0.0004 }]);
    expect(receiver.points('ratchet.requests')).toMatchObject([{ value: 2, attributes: { task: 'triage' } }]);
    expect(receiver.points('ratchet.probability')).toMatchObject([{ value: 0.9 }]);
    expect(receiver.resource()).toMatchObject({
      'service.name': 'ratchet',
      'service.version': '1.2.3',
      'deployment.environment.name': 'test',
    });
  });

  test('OTEL_SERVICE_NAME names the service', async () => {
    const telemetry = await start({ OTEL_SERVICE_NAME: 'my-agents' });
    telemetry.count('ratchet.requests', 1);
    await running?.flush();
    expect(receiver.resource()['service.name']).toBe('my-agents');
  });
});

test('shutdown sends what is queued, and gives up at its deadline when the collector hangs', async () => {
  const telemetry = await start();
  telemetry.startChat(chatStart).end(outcome);
  await running?.shutdown(2000);
  expect(receiver.spans().map(({ name }) => name)).toEqual(['chat gpt-4o-mini']);

  // Nothing answers at a reserved address that drops packets.
  const hanging = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://192.0.2.1:4318' });
  hanging.startChat(chatStart).end(outcome);
  const began = performance.now();
  await running?.shutdown(200);
  expect(performance.now() - began).toBeLessThan(1500);
});
