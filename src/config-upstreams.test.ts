import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultTaskConfig } from './domain/task.ts';
import { defaultQueue } from './domain/upstream.ts';
import { defaultTreatment } from './domain/upstream.ts';
import { key, token, useConfigFolder } from './config.case.ts';

const { write, load, faultOf } = useConfigFolder();

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
    const config = load({ AZURE_KEY: 'sk-azure' });
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
    const { relay, keys } = load({ AZURE_KEY: 'sk' });
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
    const { relay, hasUpstreamKey } = load({ RATCHET_UPSTREAM_KEY: 'u' });
    expect(relay.upstreams[0]?.credential).toEqual({ kind: 'key', key: 'u', header: 'api-key' });
    expect(hasUpstreamKey).toBe(true);
  });

  test('a key that no request is paid with asks nothing of clients', () => {
    write('upstreams: {spare: {url: "http://host/v1", key: k}}');
    expect(load()).toMatchObject({
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
    expect(load().warnings).toEqual([expect.stringMatching(/^upstreams\.default: clients send a key/)]);
  });
});
