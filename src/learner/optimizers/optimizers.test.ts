import { describe, expect, it } from 'vitest';
import { optimizerNames } from '../../domain/optimizer-names.ts';
import { defaultTaskConfig } from '../../domain/task.ts';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { triedChanges } from '../edit-history.ts';
import { exampleScores } from '../example-scores.ts';
import { campaignOf, insert, prompt, traceOf, variantOf } from '../fixtures.case.ts';
import type { Optimizer, OptimizerContext, OptimizerOutput, Question } from '../optimizer.ts';
import { opro } from './opro.ts';
import { optimizers } from './optimizers.ts';
import { textualGradient } from './protegi.ts';

const base = insert('base');
const added = insert('added');
const traces = Array.from({ length: 30 }, (_, index) =>
  traceOf({ id: `d${index}`, input: `input ${index}`, reward: index % 3 === 0 ? 0 : 1 }),
);
const tried = triedChanges(
  Array.from({ length: 30 }, (_, index) =>
    campaignOf({
      variant: variantOf(insert(`tried ${index}`)),
      state: 'rejected',
      // Scores go up and down; the first five were never measured.
      meanDifference: index < 5 ? null : ((index * 7) % 30) / 100,
    }),
  ),
  1,
  { incumbentId: 'baseline', meanReward: 0.5 },
);

async function run(
  optimizer: Optimizer,
  change: Partial<OptimizerContext> = {},
): Promise<{ readonly output: OptimizerOutput; readonly questions: readonly Question[] }> {
  const questions: Question[] = [];
  const output = await optimizer.propose({
    incumbent: variantOf(base),
    prompt,
    traces,
    tried,
    archive: [{ variant: variantOf(base), score: 50 }],
    scoresByExample: exampleScores(traces),
    growthCharactersMax: 200,
    count: 3,
    random: createSeededRandom(1),
    ask: async (question) => {
      questions.push(question);
      return [{ intent: 'to help', edits: [added] }];
    },
    ...change,
  });
  return { output, questions };
}

it('are those that a configuration may name', () => {
  expect([...optimizers.keys()]).toEqual(optimizerNames);
});

describe('every optimizer', () => {
  it('of the default configuration is known', () => {
    for (const name of defaultTaskConfig.learner.optimizers) expect(optimizers.get(name)?.name).toBe(name);
  });

  it.each([...optimizers.values()].map((optimizer) => [optimizer.name, optimizer] as const))(
    '%s builds on the incumbent',
    async (_, optimizer) => {
      for (const candidate of (await run(optimizer)).output.candidates) expect(candidate[0]).toEqual(base);
    },
  );

  it.each([...optimizers.values()].map((optimizer) => [optimizer.name, optimizer] as const))(
    '%s has nothing to say when nobody answers',
    async (_, optimizer) => {
      expect((await run(optimizer, { ask: async () => [] })).output.candidates).toEqual([]);
    },
  );

  it.each(
    [...optimizers.values()].flatMap((one) =>
      one.batchSize === undefined ? [] : [[one.name, one] as const],
    ),
  )('%s shows as many requests as it is told to, and else as many as published', async (_, optimizer) => {
    const shown = async (change: Partial<OptimizerContext>): Promise<number> =>
      Math.max(...(await run(optimizer, change)).questions.map(({ examples }) => examples.length));
    expect(await shown({ batchSize: 5 })).toBe(5);
    expect(await shown({})).toBe(optimizer.batchSize);
  });
});

describe('OPRO', () => {
  it('shows the 20 best attempts in ascending order of their scores, and 3 examples', async () => {
    const { output, questions } = await run(opro);
    expect(output.candidates).toEqual([[base, added]]);
    expect(questions).toHaveLength(1);
    const scores = questions[0]?.history.map(({ score }) => score ?? -1) ?? [];
    expect(scores).toHaveLength(20);
    expect(scores).toEqual(scores.toSorted((one, other) => one - other));
    const best = tried.map(({ score }) => score ?? -1).toSorted((one, other) => other - one);
    expect(Math.min(...scores)).toBe(best[19]);
    expect(questions[0]?.examples).toHaveLength(3);
  });

  it('shows attempts without a score first, as long as there is room', async () => {
    const { questions } = await run(opro, { tried: tried.slice(0, 10) });
    expect(questions[0]?.history.map(({ score }) => score === null)).toEqual([
      ...Array.from({ length: 5 }, () => true),
      ...Array.from({ length: 5 }, () => false),
    ]);
  });

  it('shows successes as well as failures', async () => {
    const random = createSeededRandom(2);
    const rewards = new Set<number | null>();
    for (let round = 0; round < 20; round += 1) {
      const { questions } = await run(opro, { random });
      for (const { reward } of questions[0]?.examples ?? []) rewards.add(reward);
    }
    expect(rewards).toEqual(new Set([0, 1]));
  });
});

describe('the textual gradient', () => {
  it('shows 4 failures and asks for the cause before the edits', async () => {
    const { output, questions } = await run(textualGradient);
    expect(output.candidates).toEqual([[base, added]]);
    expect(questions[0]?.examples).toHaveLength(4);
    expect(questions[0]?.examples.every(({ reward }) => reward === 0)).toBe(true);
    expect(questions[0]?.instruction).toMatch(/first find one cause.*Then write the edits/s);
    expect(questions[0]?.history).toEqual(tried.slice(-10));
  });

  it('asks nobody when nothing fails', async () => {
    const { output, questions } = await run(textualGradient, { traces: [traceOf({ reward: 1 })] });
    expect(questions).toEqual([]);
    expect(output.candidates).toEqual([]);
  });
});
