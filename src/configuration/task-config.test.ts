import { expect, test } from 'vitest';
import { defaultTaskConfig } from '../domain/task.ts';
import { parseTaskConfig } from './task-config.ts';

test('an empty entry is the default configuration', () => {
  expect(parseTaskConfig({})).toEqual(defaultTaskConfig);
});

test('a schema in the entry itself is taken', () => {
  const { graders } = parseTaskConfig({
    graders: [{ kind: 'json-schema', schema: { type: 'object' }, weight: 2 }],
  });
  expect(graders).toEqual([{ kind: 'json-schema', schema: { type: 'object' }, weight: 2 }]);
});

test.each<[unknown, string, RegExp]>([
  [null, 'task', /expected object/],
  [{ gate: { alpha: 'low' } }, 'task.gate.alpha', /expected number/],
  [
    { learner: { optimizers: ['opro', 'gepaa'] } },
    'task.learner.optimizers.1',
    /expected one of "opro"\|.*"gepa"/,
  ],
  [{ modle: 'm' }, 'task.modle', /did you mean "model"/],
  [{ graders: [{ kind: 'json-schema', schema: './file.json' }] }, 'task.graders', /ratchet\.yaml/],
])('%j is refused at %s', (json, place, explanation) => {
  expect(() => parseTaskConfig(json)).toThrow(
    expect.objectContaining({
      code: 'invalid_configuration',
      param: place,
      message: expect.stringMatching(explanation),
    }),
  );
});

test('the prior of the bandit is read as far as it is said', () => {
  expect(parseTaskConfig({ bandit: { prior: 'expo' } }).bandit).toEqual({
    ...defaultTaskConfig.bandit,
    prior: 'expo',
  });
});

test('how learning goes about is read as far as it is said', () => {
  const expo = { estimator: 'network', eta: 100, sum_decay: 1, data_decay: 1, floor: 0 };
  const learner = { optimizers: ['gepa'], meta_prompt: 'on', batch_size: 5, expo };
  expect(parseTaskConfig({ learner }).learner).toEqual({
    optimizers: ['gepa'],
    openCampaignsMax: 4,
    metaPrompt: 'on',
    batchSize: 5,
    expo: { estimator: 'network', eta: 100, sumDecay: 1, dataDecay: 1, floor: 0 },
  });
  expect(parseTaskConfig({ learner: { expo: { floor: 0.1 } } }).learner.expo).toEqual({ floor: 0.1 });
});

test('the window of a half-life leaves half of an observation', () => {
  const window = parseTaskConfig({ bandit: { half_life: 500 } }).bandit.windowFeedbacks ?? 0;
  expect((1 - 1 / window) ** 500).toBeCloseTo(0.5, 12);
});

test('what a proposal has to show is read as far as it is said', () => {
  const gate = {
    pinned_requests: 5,
    strict: true,
    mode: { prune: 'superiority' },
    secondary: 'cost',
    slices: { vip: {} },
  };
  expect(parseTaskConfig({ gate }).gate).toEqual({
    ...defaultTaskConfig.gate,
    pinnedRequests: 5,
    isStrict: true,
    modes: { prune: 'superiority' },
    secondary: 'cost',
    slices: { vip: { margin: 0.1 } },
  });
});

test('shadow evaluation replays, at its own pace, unless the task says otherwise', () => {
  expect(parseTaskConfig({}).shadow).toBeUndefined();
  expect(parseTaskConfig({ shadow: { mode: 'mirror', requests_per_minute: 30 } }).shadow).toEqual({
    mode: 'mirror',
    requestsPerMinute: 30,
    turnsMax: 4,
  });
});

test('a metric may name what measures it, but nobody who has to be asked', () => {
  const polite = (grader: unknown): unknown => ({
    metrics: { polite: { type: 'boolean', guardrail: {}, grader } },
  });
  const { metrics } = parseTaskConfig(polite({ kind: 'regex', pattern: 'please' }));
  expect(metrics['polite']?.grader).toEqual({ kind: 'regex', pattern: 'please', weight: 1 });
  expect(() => parseTaskConfig(polite({ kind: 'judge', rubric: 'polite' }))).toThrow(/needs nobody/);
});
