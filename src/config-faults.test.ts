import { describe, expect, test } from 'vitest';
import { key, token, useConfigFolder } from './config.case.ts';

const { write, faultOf, path } = useConfigFolder();

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
  ])('%s', (field, yaml, explanation) => {
    write(yaml);
    const fault = faultOf({});
    const place = `${path('ratchet.yaml')}: ${field}`;
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
