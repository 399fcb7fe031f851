import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { configJsonSchema } from './configuration/config-file.schema.ts';
import { defaultTaskConfig } from './domain/task.ts';
import { RatchetError } from './domain/ratchet-error.ts';
import { defaultQueue, defaultTreatment } from './domain/upstream.ts';

const key = (rest: string): string =>
  `keys: [{id: a, secret: a-long-enough-secret, roles: [infer], ${rest}}]`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const token = 'an-admin-token-of-some-length';
const write = (text: string, name = 'ratchet.yaml'): void => writeFileSync(join(folder, name), text);

function faultOf(environment: Record<string, string>): RatchetError {
  try {
    loadConfig(environment, folder);
  } catch (error) {
    if (error instanceof RatchetError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('with nothing set', () => {
  test('everything has a default', () => {
    expect(loadConfig({}, folder)).toEqual({
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
      database: { kind: 'sqlite', path: join(folder, 'ratchet.db') },
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
    expect(loadConfig({}, folder)).toMatchObject({ port: 8787, file: join(folder, 'ratchet.yaml') });
    write('tasks:\n  triage: {}\n');
    expect(loadConfig({}, folder).tasks).toEqual({ triage: defaultTaskConfig });
  });
});

test('the environment wins over the file, the file over the default', () => {
  write('port: 9000\nhost: ::1\nrecord: metadata\nautomatic_tasks: false\n');
  const config = loadConfig(
    { RATCHET_PORT: '0', RATCHET_RECORD: '', RATCHET_AUTOMATIC_TASKS: 'true' },
    folder,
  );
  expect(config).toMatchObject({ port: 0, host: '::1', recording: 'metadata', areTasksAutomatic: true });
});

test('RATCHET_CONFIG names another file', () => {
  write('port: 9001\n', 'other.yaml');
  expect(loadConfig({ RATCHET_CONFIG: 'other.yaml' }, folder).port).toBe(9001);
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
  expect(loadConfig(environment, folder).learning.key).toBe(expected);
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
  const config = loadConfig({}, folder);
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
  expect(loadConfig({ RATCHET_ADMIN_TOKENS: text }, folder).adminTokens).toEqual(tokens);
  write(JSON.stringify({ admin_tokens: tokens, admin_token: token }));
  const all = [{ id: 'admin', secret: token, role: 'operator' }, ...tokens];
  expect(loadConfig({}, folder).adminTokens).toEqual(all);
});

test('keys are read from the variable and from the file alike', () => {
  const keys = [
    { id: 'web', secret: 'sk-with:colons-inside', roles: ['infer', 'feedback'] },
    { id: 'ci', secret: 'another-secret-text', roles: ['feedback', 'trusted'] },
  ];
  const text = 'web:sk-with:colons-inside:infer+feedback, ci:another-secret-text:feedback+trusted,';
  expect(loadConfig({ RATCHET_KEYS: text }, folder).keys).toEqual(keys);
  write(JSON.stringify({ keys }));
  expect(loadConfig({}, folder).keys).toEqual(keys);
});

test('limits of a key are in the units that they are named by', () => {
  write(
    key('limits: {requests_per_minute: 60, requests_per_day: 1000, tokens_per_day: 5000, usd_per_day: 0.5}'),
  );
  expect(loadConfig({}, folder).keys[0]?.limits).toEqual({
    requestsPerMinute: 60,
    requestsPerDay: 1000,
    tokensPerDay: 5000,
    usdPerDay: 0.5,
  });
  write(key('limits: {usd_per_day: 2}'));
  expect(loadConfig({}, folder).keys[0]?.limits).toMatchObject({ requestsPerMinute: null, usdPerDay: 2 });
});

describe('upstreams', () => {
  test('take every setting of the documentation', () => {
    write(`
upstream: https://gateway.example/v1
upstreams:
  default: {first_byte_timeout: 2m}
  azure:
    url: https://my.example/openai/v1/
    key_env: AZURE_KEY
    key_header: api-key
    usage: request
    connect_timeout: 1s
    first_byte_timeout: 2s
    idle_timeout: 3s
    keep_alive: 4s
    retries: {max: 1, on: [refused, reset, 429, 5xx], pause_max: 5s, for_retrying_clients: true}
    concurrency: 100
    queue: {max: 10, timeout: 6s}
    breaker: {share: 0.25, calls: 40, pause: 7s, on: [5xx, 429], fail_fast: true}
    models: {gpt-4o: my-deployment}
  local: {url: http://127.0.0.1:11434/v1, concurrency: 2}
  mirror: {url: https://mirror.example/v1, credential: client}
fallback: [default, azure]
routes: [{models: ['gpt-4o*'], upstreams: [azure, default]}, {models: ['llama*'], upstreams: [local, mirror]}]
tasks: {support-triage: {upstreams: [azure]}, other: {model: m}}
`);
    const config = loadConfig({ AZURE_KEY: 'sk-azure' }, folder);
    expect(config.warnings).toEqual([]);
    expect(config.hasUpstreamKey).toBe(true);
    expect(config.relay).toEqual({
      upstreams: [
        {
          ...defaultTreatment,
          name: 'default',
          url: 'https://gateway.example/v1',
          credential: { kind: 'client' },
          firstByteTimeoutMs: 120_000,
        },
        {
          name: 'azure',
          url: 'https://my.example/openai/v1',
          credential: { kind: 'key', key: 'sk-azure', header: 'api-key' },
          isUsageRequested: true,
          connectTimeoutMs: 1_000,
          firstByteTimeoutMs: 2_000,
          idleTimeoutMs: 3_000,
          keepAliveMs: 4_000,
          retries: {
            max: 1,
            on: ['refused', 'reset', 429, '5xx'],
            pauseMsMax: 5_000,
            isForRetryingClients: true,
          },
          concurrency: { max: 100, queueMax: 10, queueTimeoutMs: 6_000 },
          breaker: { share: 0.25, calls: 40, pauseMs: 7_000, on: ['5xx', 429], isFailFast: true },
          models: { 'gpt-4o': 'my-deployment' },
        },
        {
          ...defaultTreatment,
          name: 'local',
          url: 'http://127.0.0.1:11434/v1',
          credential: { kind: 'none' },
          concurrency: { max: 2, queueMax: 1_000, queueTimeoutMs: 30_000 },
        },
        {
          ...defaultTreatment,
          name: 'mirror',
          url: 'https://mirror.example/v1',
          credential: { kind: 'client' },
        },
      ],
      fallback: ['default', 'azure'],
      routes: [
        { models: ['gpt-4o*'], upstreams: ['azure', 'default'] },
        { models: ['llama*'], upstreams: ['local', 'mirror'] },
      ],
      tasks: { 'support-triage': ['azure'] },
    });
    expect(config.tasks['support-triage']).toEqual(defaultTaskConfig);
  });

  test('are as the documentation shows them, which shows the defaults', () => {
    const page = readFileSync(new URL('../docs/upstreams.md', import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml]) => yaml ?? '');
    expect(blocks).toHaveLength(2);
    write(blocks.join('').replace('kJ2…', 'a-long-enough-secret'));
    const { relay, keys } = loadConfig({ AZURE_KEY: 'sk' }, folder);
    expect(relay.upstreams[2]).toMatchObject({ ...defaultTreatment, credential: { kind: 'none' } });
    const { name: _, url: __, credential: ___, ...azure } = relay.upstreams[1] ?? {};
    expect(azure).toEqual({
      ...defaultTreatment,
      models: { 'gpt-4o': 'my-deployment' },
      concurrency: { max: 1_000, ...defaultQueue },
    });
    expect(keys[0]?.limits).toMatchObject({ requestsPerMinute: 600, usdPerDay: 5 });
  });

  test('the key of upstream is that of the upstream named default', () => {
    write('upstreams: {default: {key_header: api-key}}');
    const { relay, hasUpstreamKey } = loadConfig({ RATCHET_UPSTREAM_KEY: 'u' }, folder);
    expect(relay.upstreams[0]?.credential).toEqual({ kind: 'key', key: 'u', header: 'api-key' });
    expect(hasUpstreamKey).toBe(true);
  });

  test('a key that no request is paid with asks nothing of clients', () => {
    write('upstreams: {spare: {url: "http://host/v1", key: k}}');
    expect(loadConfig({}, folder)).toMatchObject({
      hasUpstreamKey: false,
      warnings: ['upstreams.spare: no list names it, so that it gets no request'],
    });
  });

  test('a key of any of them is guarded off loopback', () => {
    write('upstreams: {paid: {url: "http://host/v1", key: k}}\nfallback: [default, paid]');
    const fault = faultOf({ RATCHET_HOST: '0.0.0.0', RATCHET_ADMIN_TOKEN: token });
    expect(fault.message).toMatch(/RATCHET_KEYS.*would spend it/);
  });

  test('an upstream that can get no credential any more is a warning', () => {
    write(`upstreams: {paid: {url: "http://host/v1", key: k}}\nfallback: [default, paid]\n${key('')}`);
    expect(loadConfig({}, folder).warnings).toEqual([
      expect.stringMatching(/^upstreams\.default: clients send a key/),
    ]);
  });
});

describe('a wrong variable is named, with what is expected', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['RATCHET_PORT', { RATCHET_PORT: 'eighty' }, /expected number, received string\. Port to listen on/],
    ['RATCHET_PORT', { RATCHET_PORT: '70000' }, /<=65535/],
    ['RATCHET_PORT', { RATCHET_PORT: 'tcp://10.0.0.1:80' }, /received string/],
    ['RATCHET_UPSTREAM', { RATCHET_UPSTREAM: 'api.openai.com' }, /http or https address/],
    ['RATCHET_UPSTREAM', { RATCHET_UPSTREAM: 'https://u:p@host/v1' }, /without user name/],
    ['RATCHET_DATABASE', { RATCHET_DATABASE: 'mysql://db' }, /sqlite:<path>/],
    ['RATCHET_KEYS', { RATCHET_KEYS: 'web' }, /entry 1: expected id:secret:roles/],
    ['RATCHET_KEYS', { RATCHET_KEYS: 'web:a-long-enough-secret:infr' }, /did you mean "infer"/],
    ['RATCHET_KEYS', { RATCHET_KEYS: 'web:short:infer' }, />=16/],
    ['RATCHET_ADMIN_TOKENS', { RATCHET_ADMIN_TOKENS: 'ada' }, /entry 1: expected id:secret:role,/],
    ['RATCHET_ADMIN_TOKENS', { RATCHET_ADMIN_TOKENS: `ada:${token}:root` }, /out of viewer, operator/],
    ['RATCHET_ADMIN_TOKENS', { RATCHET_ADMIN_TOKENS: `ada:${token}:viewer+operator` }, /expected one role/],
    ['RATCHET_ADMIN_TOKENS', { RATCHET_ADMIN_TOKENS: 'ada:short:viewer' }, />=16/],
    [
      'RATCHET_ADMIN_TOKENS',
      { RATCHET_ADMIN_TOKENS: `ada:${token}:viewer,bob:${token}:operator` },
      /secret that no other token has/,
    ],
    [
      'RATCHET_ADMIN_TOKENS',
      { RATCHET_ADMIN_TOKEN: token, RATCHET_ADMIN_TOKENS: `admin:another-${token}:viewer` },
      /id that no other token has/,
    ],
    [
      'RATCHET_KEYS',
      { RATCHET_KEYS: 'web:a-long-enough-secret:infer,web:another-long-secret:infer' },
      /an id that no other key has/,
    ],
    ['RATCHET_ADMIN_TOKEN', { RATCHET_ADMIN_TOKEN: 'short' }, /16 characters/],
    ['RATCHET_SECRET', { RATCHET_SECRET: 'short' }, /16 characters/],
    ['RATCHET_RECORD', { RATCHET_RECORD: 'everything' }, /"off"\|"metadata"\|"full"/],
    ['RATCHET_RETENTION', { RATCHET_RETENTION: '14 days' }, /expected a duration.*such as 7d|14d/],
    ['RATCHET_AUTOMATIC_TASKS', { RATCHET_AUTOMATIC_TASKS: 'perhaps' }, /expected boolean/],
    ['RATCHET_LOG_LEVEL', { RATCHET_LOG_LEVEL: 'loud' }, /"debug"/],
    ['RATCHET_DRAIN_TIMEOUT', { RATCHET_DRAIN_TIMEOUT: '12 seconds' }, /requests under way/],
    ['RATCHET_CONFIG', { RATCHET_CONFIG: 'missing.yaml' }, /does not exist/],
    ['RATCHET_ADMIN_TOKEN', { RATCHET_HOST: '0.0.0.0' }, /must be set when listening on 0\.0\.0\.0/],
    [
      'RATCHET_KEYS',
      { RATCHET_HOST: '0.0.0.0', RATCHET_ADMIN_TOKEN: token, RATCHET_UPSTREAM_KEY: 'u' },
      /would spend it/,
    ],
  ])('%s %j', (variable, environment, explanation) => {
    const fault = faultOf(environment);
    expect(fault.code).toBe('invalid_configuration');
    expect(fault.param).toMatch(new RegExp(`^${variable}`));
    expect(fault.message).toMatch(new RegExp(`^${variable}`));
    expect(fault.message).toMatch(explanation);
    // What was set may be a secret in the wrong place.
    for (const value of Object.values(environment))
      if (value.length > 7 && value !== 'missing.yaml') expect(fault.message).not.toContain(value);
  });
});

describe('a wrong place in the file is named, with what is expected', () => {
  test.each<[string, string, RegExp]>([
    ['prot', 'prot: 9000', /unknown key; did you mean "port"\?/],
    ['port', 'port: "9000"', /expected number, received string/],
    ['tasks.t.gaet', 'tasks: {t: {gaet: {}}}', /did you mean "gate"/],
    ['tasks.t.gate.alhpa', 'tasks: {t: {gate: {alhpa: 0.1}}}', /did you mean "alpha"/],
    ['tasks.t.gate.zzzzzz', 'tasks: {t: {gate: {zzzzzz: 0.1}}}', /known are alpha, block/],
    ['tasks.t.gate.alpha', 'tasks: {t: {gate: {alpha: 2}}}', /<1/],
    ['tasks.t.gate.alpha', 'tasks: {t: {gate: {alpha: low}}}', /received string\. Expected share of false/],
    ['tasks.t.gate.block', 'tasks: {t: {gate: {block: 0}}}', /Proposals that share one error budget/],
    ['tasks.t.gate.attribution_window', 'tasks: {t: {gate: {attribution_window: 7}}}', /such as 7d/],
    ['tasks.t.gate.approve', 'tasks: {t: {gate: {approve: yes please}}}', /"auto"\|"manual"/],
    ['tasks.t.budget.explore_share', 'tasks: {t: {budget: {explore_share: 0}}}', />0/],
    ['tasks.t.reward.resolved', 'tasks: {t: {reward: {resolved: 1}}}', /declared under metrics/],
    ['tasks.t.metrics.csat.range', 'tasks: {t: {metrics: {csat: {type: number, range: [5, 1]}}}}', /low end/],
    ['tasks.t.metrics.csat.type', 'tasks: {t: {metrics: {csat: {type: text}}}}', /boolean/],
    ['tasks.t.metrics.x.range', 'tasks: {t: {metrics: {x: {type: boolean, range: [0, 1]}}}}', /unknown key/],
    ['tasks.t.graders.0.kind', 'tasks: {t: {graders: [{kind: exactly}]}}', /json-schema/],
    ['tasks.t.graders.0.rubric', 'tasks: {t: {graders: [{kind: judge}]}}', /plain words/],
    ['tasks.t.graders.0.pattern', 'tasks: {t: {graders: [{kind: regex, pattern: "("}]}}', /compiles/],
    [
      'tasks.t.graders.1.wieght',
      'tasks: {t: {graders: [{kind: tool-call}, {kind: exact, wieght: 1}]}}',
      /"weight"/,
    ],
    [
      'tasks.t.graders',
      'tasks: {t: {graders: [{kind: json-schema, schema: ./none.json}]}}',
      /none\.json does not exist/,
    ],
    ['tasks.t.bandit.half_life', 'tasks: {t: {bandit: {half_life: 1}}}', />=10/],
    ['tasks.t.protect', 'tasks: {t: {protect: everything}}', /expected array, received string/],
    ['prices.gpt.input_per_million', 'prices: {gpt: {input_per_million: -1, output_per_million: 1}}', />=0/],
    ['upstreams.a.url', 'upstreams: {a: {}}', /a base URL, such as/],
    ['upstreams.a.url', 'upstreams: {a: {url: "ftp://host"}}', /http or https address/],
    ['upstreams.a b', 'upstreams: {"a b": {url: "http://host"}}', /letters, digits/],
    [
      'upstreams.default.url',
      'upstreams: {default: {url: "http://host"}}',
      /RATCHET_UPSTREAM\) in its place/,
    ],
    ['upstreams.default.key', 'upstreams: {default: {key: k}}', /RATCHET_UPSTREAM_KEY\) in its place/],
    ['upstreams.default.key_env', 'upstreams: {default: {key_env: K}}', /RATCHET_UPSTREAM_KEY/],
    ['upstreams.a.key_env', 'upstreams: {a: {url: "http://host", key: k, key_env: K}}', /not both/],
    ['upstreams.a.key_env', 'upstreams: {a: {url: "http://host", key_env: sk-1}}', /name of an environment/],
    [
      'upstreams.a.key_env',
      'upstreams: {a: {url: "http://host", key_env: NOT_SET}}',
      /variable that is not set/,
    ],
    [
      'upstreams.a.credential',
      'upstreams: {a: {url: "http://host", key: k, credential: client}}',
      /beside a key/,
    ],
    ['upstreams.a.queue', 'upstreams: {a: {url: "http://host", queue: {max: 1}}}', /concurrency beside it/],
    [
      'upstreams.a.first_byte_timout',
      'upstreams: {a: {url: "http://host", first_byte_timout: 1s}}',
      /"first_byte_timeout"/,
    ],
    [
      'upstreams.a.idle_timeout',
      'upstreams: {a: {url: "http://host", idle_timeout: 3}}',
      /pieces of a response/,
    ],
    [
      'upstreams.a.retries.on.1',
      'upstreams: {a: {url: "http://host", retries: {on: [429, refuse]}}}',
      /expected refused, .* or a status from 400/,
    ],
    ['upstreams.a.retries.on.0', 'upstreams: {a: {url: "http://host", retries: {on: [200]}}}', />=400/],
    ['upstreams.a.breaker.share', 'upstreams: {a: {url: "http://host", breaker: {share: 1}}}', /<1/],
    ['fallback', 'fallback: []', />=1/],
    ['fallback', 'fallback: [default, default]', /each upstream once/],
    [
      'fallback.1',
      'fallback: [default, azur]\nupstreams: {azure: {url: "http://host"}}',
      /did you mean "azure"/,
    ],
    ['routes.0.upstreams.0', 'routes: [{models: [m], upstreams: [x]}]', /declared under upstreams/],
    ['routes.0.models', 'routes: [{models: [], upstreams: [default]}]', />=1/],
    ['tasks.t.upstreams.0', 'tasks: {t: {upstreams: [x]}}', /declared under upstreams/],
    ['keys.0.limits.usd_per_day', key('limits: {usd_per_day: 0}'), />0/],
    ['keys.0.limits.requests_per_day', key('limits: {requests_per_day: 1.5}'), /int/],
    ['keys.0.limits.per_day', key('limits: {per_day: 1}'), /known are|did you mean/],
    ['keys.0.roles.0', 'keys: [{id: a, secret: a-long-enough-secret, roles: [admin]}]', /"infer"/],
    ['keys.0.id', 'keys: [{id: "a b", secret: a-long-enough-secret, roles: [infer]}]', /letters, digits/],
  ])('%s', (path, yaml, explanation) => {
    write(yaml);
    const fault = faultOf({});
    const place = `${join(folder, 'ratchet.yaml')}: ${path}`;
    expect(fault.message).toMatch(explanation);
    expect([fault.code, fault.param]).toEqual(['invalid_configuration', place]);
    expect(fault.message.startsWith(`${place}: `)).toBe(true);
  });

  test('all faults are told at once', () => {
    write('prot: 1\ntasks: {t: {gate: {alpha: 3, mde: 3}}}');
    expect(faultOf({}).message.split('\n')).toHaveLength(3);
  });

  test('a file that is no YAML is named with line and column, and without its text', () => {
    write('admin_token: hunter2-hunter2-hunter2\nport: [1\n');
    const { message } = faultOf({});
    expect(message).toMatch(/ratchet\.yaml:\d+:\d+: is not YAML/);
    expect(message).not.toContain('hunter2');
  });

  test('a file that is a list is refused', () => {
    write('- port: 1');
    expect(faultOf({}).message).toMatch(/expected a mapping/);
  });

  test.each([
    ['[1, 2]', /holds no JSON object/],
    ['{', /cannot be read as JSON/],
  ])('a schema file with %s is refused', (text, explanation) => {
    write(text, 'bad.json');
    write('tasks: {t: {graders: [{kind: json-schema, schema: bad.json}]}}');
    expect(faultOf({}).message).toMatch(explanation);
  });
});

test('a variable that is nearly one of ours is a warning, others are left alone', () => {
  const environment = { RATCHET_UPSTREM: 'https://x', RATCHET_SERVICE_HOST_OF_PLATFORM: '10.0.0.1' };
  expect(loadConfig(environment, folder).warnings).toEqual([
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
  expect(loadConfig({ RATCHET_HOST: host, RATCHET_ADMIN_TOKEN: token }, folder).isLoopback).toBe(expected);
});

test.each([
  ['RATCHET_CAPTURE_CONTENT', true],
  ['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', true],
  ['SOMETHING_ELSE', false],
])('content is captured by %s: %s', (variable, expected) => {
  expect(loadConfig({ [variable]: 'true' }, folder).isContentCaptured).toBe(expected);
});

test('RATCHET_CAPTURE_CONTENT=false wins over the standard variable', () => {
  const environment = {
    RATCHET_CAPTURE_CONTENT: 'false',
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  };
  expect(loadConfig(environment, folder).isContentCaptured).toBe(false);
});

test('the schema that editors use is the one that is enforced', () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../docs/ratchet.schema.json', import.meta.url), 'utf8'),
  );
  // To renew it: node src/cli/ratchet.ts schema > docs/ratchet.schema.json
  expect(published).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});

describe('graders that ask somebody', () => {
  const task = (grader: string): string => `tasks: {t: {graders: [${grader}]}}`;

  test('a webhook names its secret, which is kept apart from the task', () => {
    write(task('{kind: webhook, url: "https://grade.example/v1", timeout: 3s, secret_env: GRADE_TOKEN}'));
    const { tasks, learning } = loadConfig({ GRADE_TOKEN: 'sesame' }, folder);
    expect(tasks['t']?.graders).toEqual([
      {
        kind: 'webhook',
        url: 'https://grade.example/v1',
        timeoutMs: 3000,
        secretEnv: 'GRADE_TOKEN',
        weight: 1,
      },
    ]);
    expect(learning.webhookSecrets).toEqual({ GRADE_TOKEN: 'sesame' });
    expect(JSON.stringify(tasks)).not.toMatch('sesame');
    expect(() => loadConfig({}, folder)).toThrow(/tasks\.t\.graders: secret_env names GRADE_TOKEN/);
  });

  test.each(['ftp://host/', 'https://user:word@host/', 'grade'])('a webhook cannot be %s', (url) => {
    write(task(`{kind: webhook, url: "${url}"}`));
    expect(() => loadConfig({}, folder)).toThrow(/tasks\.t\.graders\.0/);
  });

  test('what is not said about a grader has its default', () => {
    write(task('{kind: normalised}, {kind: numeric, relative: 0.01}, {kind: similarity, weight: 2}'));
    expect(loadConfig({}, folder).tasks['t']?.graders).toEqual([
      {
        kind: 'normalised',
        ignore: ['case', 'unicode', 'whitespace', 'punctuation'],
        match: 'whole',
        weight: 1,
      },
      { kind: 'numeric', absolute: 0, relative: 0.01, take: 'last', decimal: 'point', weight: 1 },
      { kind: 'similarity', floor: 0, weight: 2 },
    ]);
  });

  test.each([
    ['text-embedding-3-large', 'text-embedding-3-large'],
    ['local', null],
    ['', 'text-embedding-3-small'],
  ])('texts are embedded by %s', (setting, model) => {
    const { learning } = loadConfig({ RATCHET_EMBEDDING_MODEL: setting }, folder);
    expect(learning.embeddingModel).toBe(model);
  });
});
