import { describe, expect, test } from 'vitest';
import { useConfigFolder } from './config.case.ts';

const { write, load } = useConfigFolder();

describe('graders that ask somebody', () => {
  const task = (grader: string): string => `tasks: {t: {graders: [${grader}]}}`;

  test('a webhook names its secret, which is kept apart from the task', () => {
    write(task('{kind: webhook, url: "https://grade.example/v1", timeout: 3s, secret_env: GRADE_TOKEN}'));
    const { tasks, learning } = load({ GRADE_TOKEN: 'sesame' });
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
    expect(() => load()).toThrow(/tasks\.t\.graders: secret_env names GRADE_TOKEN/);
  });

  test.each(['ftp://host/', 'https://user:word@host/', 'grade'])('a webhook cannot be %s', (url) => {
    write(task(`{kind: webhook, url: "${url}"}`));
    expect(() => load()).toThrow(/tasks\.t\.graders\.0/);
  });

  test('what is not said about a grader has its default', () => {
    write(task('{kind: normalised}, {kind: numeric, relative: 0.01}, {kind: similarity, weight: 2}'));
    expect(load().tasks['t']?.graders).toEqual([
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
    const { learning } = load({ RATCHET_EMBEDDING_MODEL: setting });
    expect(learning.embeddingModel).toBe(model);
  });
});

describe('guardrails', () => {
  const metric = (rest: string): string =>
    `tasks: {t: {metrics: {polite: {type: boolean, guardrail: {}${rest}}}}}`;

  test('that only users report are a warning, since nothing could be promoted', () => {
    write(metric(''));
    expect(load().warnings).toEqual([expect.stringMatching(/^tasks\.t\.metrics\.polite: only users report/)]);
  });

  test('that a grader measures, or the answer itself, are none', () => {
    write(metric(', grader: {kind: regex, pattern: please}'));
    expect(load().warnings).toEqual([]);
    write(
      'tasks: {t: {metrics: {latency_ms: {type: number, range: [0, 60000], optimize: min, guardrail: {}}}}}',
    );
    expect(load().warnings).toEqual([]);
  });
});
