import { describe, expect, test } from 'vitest';
import type { ApiKeyLimits } from '../domain/api-key.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { addSpend, noSpend, type Spend } from '../domain/spend.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { createKeyLimits, type KeyLimits } from './key-limits.ts';
import type { KeyUseStore } from './key-use.ts';

const none: ApiKeyLimits = {
  requestsPerMinute: null,
  requestsPerDay: null,
  tokensPerDay: null,
  usdPerDay: null,
  feedbackPerMinute: null,
};
const noon = Date.parse('2026-03-01T12:00:00Z');

interface Setting {
  readonly limits: KeyLimits;
  readonly pass: (ms: number) => void;
}

function start(given: Partial<ApiKeyLimits>, startMs = noon): Setting {
  let nowMs = startMs;
  const keys = [
    { id: 'web', secret: 'a-long-enough-secret', roles: ['infer'], limits: { ...none, ...given } } as const,
    { id: 'free', secret: 'another-long-secret', roles: ['infer'] } as const,
  ];
  const limits = createKeyLimits({ keys, clock: { now: () => nowMs }, telemetry: silentTelemetry });
  return { limits, pass: (ms) => (nowMs += ms) };
}

function refusal({ limits }: Setting): RatchetError | undefined {
  try {
    limits.admit('web');
    return undefined;
  } catch (error) {
    if (error instanceof RatchetError) return error;
    throw error;
  }
}

const charge = ({ limits }: Setting, tokens: number, costUsd: number | null = null): void =>
  limits.charge({ scope: 'web', usage: { inputTokens: tokens, outputTokens: 0 }, costUsd });

const headersOf = (error: RatchetError | undefined): Record<string, string> =>
  Object.fromEntries(
    (error?.headers ?? []).flatMap((name, index, all) =>
      index % 2 === 0 ? [[name, all[index + 1] ?? '']] : [],
    ),
  );

/** A store of sums that fails when it is told to. */
function sums(): KeyUseStore & { readonly rows: Map<string, Spend>; fails: boolean } {
  const rows = new Map<string, Spend>();
  const store = {
    rows,
    fails: false,
    readSpend: async (name: string, day: number) => rows.get(`${name} ${day}`) ?? noSpend,
    addSpend: async (name: string, day: number, spend: Spend) => {
      if (store.fails) throw new RatchetError('store_unavailable', 'locked');
      const row = `${name} ${day}`;
      rows.set(row, addSpend(rows.get(row) ?? noSpend, spend));
    },
  };
  return store;
}

describe('requests', () => {
  test('in a minute: the next minute begins anew', () => {
    const setting = start({ requestsPerMinute: 2 }, noon + 30_500);
    expect([refusal(setting), refusal(setting)]).toEqual([undefined, undefined]);
    const refused = refusal(setting);
    expect(refused?.code).toBe('rate_limit_exceeded');
    expect(refused?.message).toMatch(/key web .* 2 requests of this minute.* 30s/);
    expect(headersOf(refused)).toEqual({
      'retry-after': '30',
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '30s',
    });
    setting.pass(29_499);
    expect(refusal(setting)).toBeDefined();
    setting.pass(1);
    expect([refusal(setting), refusal(setting)]).toEqual([undefined, undefined]);
    expect(refusal(setting)).toBeDefined();
  });

  test('in a day: the next UTC day begins anew', () => {
    const setting = start({ requestsPerDay: 1 });
    expect(refusal(setting)).toBeUndefined();
    const refused = refusal(setting);
    expect(headersOf(refused)).toMatchObject({
      'retry-after': '43200',
      'x-should-retry': 'false',
      'x-ratelimit-reset-requests': '12h0m0s',
    });
    setting.pass(12 * 3_600_000);
    expect(refusal(setting)).toBeUndefined();
  });

  test('that are refused do not count', () => {
    const setting = start({ requestsPerMinute: 1, requestsPerDay: 3 });
    for (let n = 0; n < 10; n += 1) refusal(setting);
    setting.pass(60_000);
    expect(refusal(setting)).toBeUndefined();
    setting.pass(60_000);
    expect(refusal(setting)).toBeUndefined();
    setting.pass(60_000);
    expect(refusal(setting)?.message).toMatch(/3 requests of this day/);
  });
});

describe('budgets', () => {
  test('of tokens, read and written', () => {
    const setting = start({ tokensPerDay: 100 });
    setting.limits.charge({ scope: 'web', usage: { inputTokens: 60, outputTokens: 39 }, costUsd: null });
    expect(refusal(setting)).toBeUndefined();
    charge(setting, 1);
    const refused = refusal(setting);
    expect(refused?.code).toBe('budget_exhausted');
    expect(headersOf(refused)).toMatchObject({
      'x-ratelimit-limit-tokens': '100',
      'x-ratelimit-remaining-tokens': '0',
      'x-should-retry': 'false',
    });
  });

  test('of money', () => {
    const setting = start({ usdPerDay: 0.5 });
    charge(setting, 1_000_000, 0.3);
    expect(refusal(setting)).toBeUndefined();
    charge(setting, 0, 0.2);
    const refused = refusal(setting);
    expect([refused?.code, refused?.message]).toEqual([
      'budget_exhausted',
      'The key web has used its 0.5 US dollars of this day; it may go on in 12h0m0s',
    ]);
    setting.pass(12 * 3_600_000);
    expect(refusal(setting)).toBeUndefined();
  });

  test('are those of the key: others, and requests without usage, charge nothing', () => {
    const setting = start({ tokensPerDay: 1, usdPerDay: 1 });
    setting.limits.charge({ scope: 'free', usage: { inputTokens: 9, outputTokens: 9 }, costUsd: 9 });
    setting.limits.charge({ scope: 'web', usage: null, costUsd: null });
    expect(refusal(setting)).toBeUndefined();
  });
});

test('a key without limits is let through, and so is who has none', () => {
  const { limits } = start({ requestsPerMinute: 1 });
  for (let n = 0; n < 100; n += 1) {
    limits.admit('free');
    limits.admit('credential-0123456789abcdef');
  }
});

test('a clock that is set back hands out nothing anew', () => {
  const setting = start({ requestsPerMinute: 1, tokensPerDay: 10 });
  refusal(setting);
  setting.pass(-30_000);
  expect(refusal(setting)?.code).toBe('rate_limit_exceeded');
  charge(setting, 10);
  setting.pass(-24 * 3_600_000);
  expect(refusal(setting)?.code).toBe('budget_exhausted');
});

test('a clock that was far ahead locks nobody out, nor forgets what was used', async () => {
  const store = sums();
  const setting = start({ requestsPerMinute: 1, tokensPerDay: 10 });
  charge(setting, 6);
  await setting.limits.save(store);
  setting.pass(400 * 24 * 3_600_000);
  charge(setting, 10);
  expect(refusal(setting)?.code).toBe('budget_exhausted');
  setting.pass(-400 * 24 * 3_600_000);
  expect(refusal(setting)).toBeUndefined();
  await setting.limits.save(store);
  setting.pass(60_000);
  charge(setting, 4);
  expect(refusal(setting)?.code).toBe('budget_exhausted');
  await setting.limits.save(store);
  expect([...store.rows.values()].map(({ optimizerTokens }) => optimizerTokens)).toEqual([10, 10]);
});

describe('a restart', () => {
  test('hands out nothing anew, on the same day', async () => {
    const store = sums();
    const before = start({ requestsPerDay: 3, tokensPerDay: 100, usdPerDay: 1 });
    expect(refusal(before)).toBeUndefined();
    charge(before, 100, 0.9);
    await before.limits.save(store);
    const after = start({ requestsPerDay: 3, tokensPerDay: 100, usdPerDay: 1 });
    await after.limits.save(store);
    expect(refusal(after)?.message).toMatch(/100 tokens/);
    const money = start({ usdPerDay: 1 });
    await money.limits.save(store);
    charge(money, 0, 0.1);
    expect(refusal(money)?.message).toMatch(/1 US dollars/);
    const nextDay = start({ tokensPerDay: 100 }, noon + 24 * 3_600_000);
    await nextDay.limits.save(store);
    expect(refusal(nextDay)).toBeUndefined();
  });

  test('saves each use once, whatever the store does in between', async () => {
    const store = sums();
    const setting = start({ requestsPerDay: 10 });
    refusal(setting);
    await setting.limits.save(store);
    refusal(setting);
    store.fails = true;
    await expect(setting.limits.save(store)).rejects.toThrow('locked');
    refusal(setting);
    store.fails = false;
    const saving = setting.limits.save(store);
    refusal(setting);
    await saving;
    await setting.limits.save(store);
    await setting.limits.save(store);
    expect([...store.rows.values()].map(({ shadowRequests }) => shadowRequests)).toEqual([4]);
  });

  test('saves what was left of the day before', async () => {
    const store = sums();
    const setting = start({ requestsPerDay: 10 });
    refusal(setting);
    setting.pass(24 * 3_600_000);
    refusal(setting);
    await setting.limits.save(store);
    expect([...store.rows.values()].map(({ shadowRequests }) => shadowRequests)).toEqual([1, 1]);
  });
});

test('processes that share a store share the day, from one saving to the next', async () => {
  const store = sums();
  const [one, other] = [start({ requestsPerDay: 4 }), start({ requestsPerDay: 4 })];
  for (const setting of [one, other, one, other]) {
    expect(refusal(setting)).toBeUndefined();
    await setting.limits.save(store);
  }
  expect(refusal(other)?.code).toBe('rate_limit_exceeded');
});

describe('feedback of a key', () => {
  const refusalOf = (limits: KeyLimits, count: number, keyId = 'web'): unknown => {
    try {
      limits.admitFeedback(keyId, count);
      return null;
    } catch (error) {
      return error;
    }
  };

  test('is bounded by the minute, apart from its requests; a batch that begins within the limit is taken whole', () => {
    const { limits, pass } = start({ feedbackPerMinute: 10, requestsPerMinute: 1 });
    expect(refusalOf(limits, 9)).toBeNull();
    limits.admit('web');
    expect(refusalOf(limits, 500)).toBeNull();
    const refused = refusalOf(limits, 1);
    expect(refused).toMatchObject({ code: 'rate_limit_exceeded', isRetryable: true });
    expect(headersOf(refused as RatchetError)).toMatchObject({ 'retry-after': '60' });
    expect(refusalOf(limits, 1, 'free')).toBeNull();
    pass(60_000);
    expect(refusalOf(limits, 1)).toBeNull();
  });

  test('is not bounded by limits of requests', () => {
    const { limits } = start({ requestsPerMinute: 1, requestsPerDay: 1 });
    for (let time = 0; time < 5; time++) expect(refusalOf(limits, 100)).toBeNull();
  });
});
