import { describe, expect, it } from 'vitest';
import { createJudgeModel } from './judge-model.ts';
import { parseJudgementPayload } from './model-payload.schema.ts';

const calls = 10_000;
const input = { text: 'Charged twice', answer: 'billing', segment: null, difficulty: 0 };
const behaviour = { falsePass: 0.1, falseFail: 0.2, facetBias: { verbose: 0.15 }, orderBias: 0 };
const knowledge = {
  inputOf: (text: string) => (text === input.text ? input : undefined),
  facetsIn: (prompt: string) => (prompt.includes('detail') ? ['verbose'] : []),
  facetsShown: (answer: string) => (answer.endsWith(' ') ? ['verbose'] : []),
};

function conversation(prompt: string): readonly object[] {
  return [
    { role: 'system', content: prompt },
    { role: 'user', content: 'An earlier question' },
    { role: 'assistant', content: 'An earlier answer' },
    { role: 'user', content: [{ type: 'text', text: 'Charged twice' }] },
  ];
}

function passShare(answer: string, prompt: string): number {
  const judge = createJudgeModel(behaviour, knowledge, 1);
  const payload = parseJudgementPayload(
    JSON.stringify({ rubric: 'r', conversation: conversation(prompt), answer }),
  );
  let passed = 0;
  for (let number = 0; number < calls; number += 1)
    if ('pass' in judge(payload, number) && Object.values(judge(payload, number))[0] === true) passed += 1;
  return passed / calls;
}

describe('a pointwise judgement', () => {
  it.each([
    { answer: 'billing', prompt: 'Sort.', wanted: 0.8 },
    { answer: 'bug', prompt: 'Sort.', wanted: 0.1 },
    { answer: 'billing', prompt: 'Sort in detail.', wanted: 0.95 },
    { answer: 'bug', prompt: 'Sort in detail.', wanted: 0.25 },
    { answer: '{"answer":"billing"', prompt: 'Sort.', wanted: 0.8 },
  ])('passes $answer under "$prompt" with chance $wanted', ({ answer, prompt, wanted }) => {
    expect(Math.abs(passShare(answer, prompt) - wanted)).toBeLessThan(
      4 * Math.sqrt((wanted * (1 - wanted)) / calls),
    );
  });

  it('without errors is the truth', () => {
    const judge = createJudgeModel({ falsePass: 0, falseFail: 0, facetBias: {}, orderBias: 0 }, knowledge, 1);
    const ask = (answer: string): unknown =>
      judge(parseJudgementPayload(JSON.stringify({ conversation: conversation(''), answer })), 0);
    expect(ask('Billing ')).toMatchObject({ pass: true });
    expect(ask('bug')).toMatchObject({ pass: false });
  });
});

describe('a pairwise judgement', () => {
  function winners(answers: readonly [string, string], orderBias: number): Record<string, number> {
    const judge = createJudgeModel({ ...behaviour, falsePass: 0, falseFail: 0, orderBias }, knowledge, 1);
    const payload = parseJudgementPayload(
      JSON.stringify({
        rubric: 'r',
        conversation: conversation('Sort in detail.'),
        answers,
      }),
    );
    const counts: Record<string, number> = { first: 0, second: 0, neither: 0 };
    for (let number = 0; number < calls; number += 1) {
      const judgement = judge(payload, number);
      if ('better' in judgement) counts[judgement.better]! += 1 / calls;
    }
    return counts;
  }

  it('is won by the answer that alone passes', () => {
    expect(winners(['billing', 'bug'], 0.9)['first']).toBeCloseTo(1, 9);
    expect(winners(['bug', 'billing'], 0.9)['second']).toBeCloseTo(1, 9);
  });

  it('says which of the two passes, and is kind to what shows in an answer, not to a prompt', () => {
    const judge = createJudgeModel({ ...behaviour, falsePass: 0, orderBias: 0 }, knowledge, 1);
    const payload = parseJudgementPayload(
      JSON.stringify({
        rubric: 'r',
        conversation: conversation('Sort in detail.'),
        answers: ['bug ', 'bug'],
      }),
    );
    let passed = 0;
    for (let number = 0; number < calls; number += 1) {
      const judgement = judge(payload, number);
      if (!('better' in judgement)) throw new Error('not pairwise');
      expect(judgement.second_passes).toBe(false);
      expect(judgement.better).toBe(judgement.first_passes ? 'first' : 'neither');
      if (judgement.first_passes) passed += 1 / calls;
    }
    expect(Math.abs(passed - 0.15)).toBeLessThan(4 * Math.sqrt(0.1275 / calls));
  });

  it.each([
    { orderBias: 0, winner: 'neither', wanted: 1 },
    { orderBias: 0.3, winner: 'first', wanted: 0.3 },
    { orderBias: -0.3, winner: 'second', wanted: 0.3 },
  ])(
    'goes, when tied, to $winner with chance $wanted at an order bias of $orderBias',
    ({ orderBias, winner, wanted }) => {
      expect(Math.abs((winners(['bug', 'bug'], orderBias)[winner] ?? 0) - wanted)).toBeLessThan(
        4 * Math.sqrt(0.21 / calls),
      );
    },
  );
});

describe('a payload', () => {
  it.each([['no JSON'], ['{}'], ['{"conversation":[],"answer":3}'], ['{"answers":[]}']])(
    '%s is refused',
    (text) => {
      expect(() => parseJudgementPayload(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    },
  );
});
