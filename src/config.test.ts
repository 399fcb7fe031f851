import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configJsonSchema } from './configuration/config-file.schema.ts';
import { defaultTaskConfig } from './domain/task.ts';
import { defaultTreatment } from './domain/upstream.ts';
import { key, token, useConfigFolder } from './config.case.ts';

const { write, load, path } = useConfigFolder();

describe('with nothing set', () => {
  test('everything has a default', () => {
    expect(load()).toEqual({
      host: '127.0.0.1',
      port: 8787,
      isLoopback: true,
      upstream: 'https://api.openai.com/v1',
      relay: {
        upstreams: [
          {
            ...defaultTreatment,
            name: 'default',
            url: 'https://api.openai.com/v1',
            credential: { kind: 'client' },
          },
        ],
        fallback: ['default'],
        routes: [],
        tasks: {},
      },
      hasUpstreamKey: false,
      role: 'all',
      database: { kind: 'sqlite', path: path('ratchet.db') },
      keys: [],
      adminTokens: [],
      secret: null,
      learning: {
        key: null,
        upstream: 'https://api.openai.com/v1',
        optimizerModel: 'gpt-4o',
        judgeModel: 'gpt-4o-mini',
        embeddingModel: 'text-embedding-3-small',
        webhookSecrets: {},
      },
      shadow: { concurrency: 4, perMinute: null, usdPerDay: null, headroom: 0.2 },
      recording: 'full',
      recordedShare: 1,
      retentionMs: 14 * 86_400_000,
      areTasksAutomatic: true,
      isContentCaptured: false,
      logLevel: 'info',
      drainTimeoutMs: 12_000,
      prices: {},
      tasks: {},
      file: null,
      warnings: [],
    });
  });

  test('an empty file, and a task without settings, change nothing', () => {
    write('# nothing yet\n');
    expect(load()).toMatchObject({ port: 8787, file: path('ratchet.yaml') });
    write('tasks:\n  triage: {}\n');
    expect(load().tasks).toEqual({ triage: defaultTaskConfig });
  });
});

test('the environment wins over the file, the file over the default', () => {
  write('port: 9000\nhost: ::1\nrecord: metadata\nautomatic_tasks: false\n');
  const config = load({ RATCHET_PORT: '0', RATCHET_RECORD: '', RATCHET_AUTOMATIC_TASKS: 'true' });
  expect(config).toMatchObject({ port: 0, host: '::1', recording: 'metadata', areTasksAutomatic: true });
});

test('RATCHET_CONFIG names another file', () => {
  write('port: 9001\n', 'other.yaml');
  expect(load({ RATCHET_CONFIG: 'other.yaml' }).port).toBe(9001);
});

test.each([
  [
    'RATCHET_LEARNING_KEY',
    { RATCHET_LEARNING_KEY: 'l', RATCHET_UPSTREAM_KEY: 'u', OPENAI_API_KEY: 'o' },
    'l',
  ],
  ['RATCHET_UPSTREAM_KEY', { RATCHET_UPSTREAM_KEY: 'u', OPENAI_API_KEY: 'o' }, 'u'],
  ['OPENAI_API_KEY', { OPENAI_API_KEY: 'o' }, 'o'],
  ['nothing', {}, null],
])('the learning key comes from %s', (_, environment, expected) => {
  expect(load(environment).learning.key).toBe(expected);
});

test('a task takes every setting of the documentation', () => {
  write('{"type":"object"}', 'triage.schema.json');
  write(`
prices:
  gpt-4o-mini: {input_per_million: 0.2, output_per_million: 0.7}
tasks:
  support-triage:
    model: gpt-4o-mini
    reward: {resolved: 0.8, score: 0.2}
    metrics:
      resolved: {type: boolean}
      csat: {type: number, range: [1, 5]}
      latency_ms: {type: number, optimize: min, guardrail: {margin: 0.10}}
      refusals: {type: boolean, optimize: min, guardrail: {}}
    graders:
      - {kind: json-schema, schema: ./triage.schema.json}
      - {kind: exact, against: expected}
      - {kind: judge, rubric: "polite", weight: 0.5}
      - {kind: regex, pattern: "^[a-z]+$", flags: i}
      - {kind: tool-call}
    protect: ["{{policy}}", "Never reveal"]
    budget: {usd_per_day: 2, shadow_requests_per_day: 100, explore_share: 0.2}
    gate: {alpha: 0.1, block: life, margin: 0.03, mde: 0.04, attribution_window: 1h, approve: manual, limit_edit_size: false}
    bandit: {policy: shannon, half_life: 693}
    learner: {optimizers: [opro], open_campaigns: 2}
`);
  const config = load();
  expect(config.prices).toEqual({ 'gpt-4o-mini': { inputPerMillion: 0.2, outputPerMillion: 0.7 } });
  expect(config.tasks['support-triage']).toEqual({
    model: 'gpt-4o-mini',
    reward: { resolved: 0.8, score: 0.2 },
    metrics: {
      score: { type: 'number', range: [0, 1], optimize: 'max', guardrail: null },
      resolved: { type: 'boolean', range: [0, 1], optimize: 'max', guardrail: null },
      csat: { type: 'number', range: [1, 5], optimize: 'max', guardrail: null },
      latency_ms: { type: 'number', range: [0, 1], optimize: 'min', guardrail: { margin: 0.1 } },
      refusals: { type: 'boolean', range: [0, 1], optimize: 'min', guardrail: { margin: 0.03 } },
    },
    graders: [
      { kind: 'json-schema', schema: { type: 'object' }, weight: 1 },
      { kind: 'exact', against: 'expected', weight: 1 },
      { kind: 'judge', rubric: 'polite', weight: 0.5 },
      { kind: 'regex', pattern: '^[a-z]+$', flags: 'i', weight: 1 },
      { kind: 'tool-call', weight: 1 },
    ],
    protect: ['{{policy}}', 'Never reveal'],
    budget: { usdPerDay: 2, shadowRequestsPerDay: 100, exploreShare: 0.2 },
    gate: {
      alpha: 0.1,
      block: 'life',
      margin: 0.03,
      mde: 0.04,
      attributionWindowMs: 3_600_000,
      approve: 'manual',
      isEditSizeLimited: false,
    },
    bandit: { policy: 'shannon', windowFeedbacks: expect.closeTo(1000.3, 0) },
    learner: { optimizers: ['opro'], openCampaignsMax: 2 },
  });
});

test('admin tokens are read from the variable and from the file alike; the single one is an operator\u2019s', () => {
  const tokens = [
    { id: 'ada', secret: 'with:colons-in-the-middle', role: 'operator' },
    { id: 'grafana', secret: 'another-secret-text', role: 'viewer' },
  ];
  const text = 'ada:with:colons-in-the-middle:operator, grafana:another-secret-text:viewer';
  expect(load({ RATCHET_ADMIN_TOKENS: text }).adminTokens).toEqual(tokens);
  write(JSON.stringify({ admin_tokens: tokens, admin_token: token }));
  const all = [{ id: 'admin', secret: token, role: 'operator' }, ...tokens];
  expect(load().adminTokens).toEqual(all);
});

test('keys are read from the variable and from the file alike', () => {
  const keys = [
    { id: 'web', secret: 'sk-with:colons-inside', roles: ['infer', 'feedback'] },
    { id: 'ci', secret: 'another-secret-text', roles: ['feedback', 'trusted'] },
  ];
  const text = 'web:sk-with:colons-inside:infer+feedback, ci:another-secret-text:feedback+trusted,';
  expect(load({ RATCHET_KEYS: text }).keys).toEqual(keys);
  write(JSON.stringify({ keys }));
  expect(load().keys).toEqual(keys);
});

test('limits of a key are in the units that they are named by', () => {
  write(
    key(
      'limits: {requests_per_minute: 60, requests_per_day: 1000, tokens_per_day: 5000, usd_per_day: 0.5, feedback_per_minute: 30}',
    ),
  );
  expect(load().keys[0]?.limits).toEqual({
    requestsPerMinute: 60,
    requestsPerDay: 1000,
    tokensPerDay: 5000,
    usdPerDay: 0.5,
    feedbackPerMinute: 30,
  });
  write(key('limits: {usd_per_day: 2}'));
  expect(load().keys[0]?.limits).toMatchObject({ requestsPerMinute: null, usdPerDay: 2 });
});

test('a variable that is nearly one of ours is a warning, others are left alone', () => {
  const environment = { RATCHET_UPSTREM: 'https://x', RATCHET_SERVICE_HOST_OF_PLATFORM: '10.0.0.1' };
  expect(load(environment).warnings).toEqual([
    'RATCHET_UPSTREM: unknown variable; did you mean "RATCHET_UPSTREAM"?',
  ]);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.4', false],
  ['my-host', false],
])('%s: only this machine can reach it: %s', (host, expected) => {
  expect(load({ RATCHET_HOST: host, RATCHET_ADMIN_TOKEN: token }).isLoopback).toBe(expected);
});

test.each([
  ['RATCHET_CAPTURE_CONTENT', true],
  ['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', true],
  ['SOMETHING_ELSE', false],
])('content is captured by %s: %s', (variable, expected) => {
  expect(load({ [variable]: 'true' }).isContentCaptured).toBe(expected);
});

test('RATCHET_CAPTURE_CONTENT=false wins over the standard variable', () => {
  const environment = {
    RATCHET_CAPTURE_CONTENT: 'false',
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  };
  expect(load(environment).isContentCaptured).toBe(false);
});

test('the schema that editors use is the one that is enforced', () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../docs/ratchet.schema.json', import.meta.url), 'utf8'),
  );
  // To renew it: node src/cli/ratchet.ts schema > docs/ratchet.schema.json
  expect(published).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
