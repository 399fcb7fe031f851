import { describe, expect, it } from 'vitest';
import { createMoment, type Moment } from './moment.ts';
import { createReplayModel, type ReplayModel } from './replay-model.ts';
import { smallReplayFile, smallReplayWorld } from './small-world.case.ts';

function start(world = smallReplayWorld()): { model: ReplayModel; moment: Moment } {
  const moment = createMoment(world.shifts.map(({ atRequest }) => atRequest));
  return { model: createReplayModel(world, { seed: 3, moment }), moment };
}

function marksOf(model: ReplayModel, prompt: string): string {
  return model.inputs
    .map(({ answer }, item) => (model.answer(prompt, item).answer === answer ? '1' : '0'))
    .join('');
}

describe('a replay model', () => {
  it.each(smallReplayFile.prompts)('answers under $id as recorded, every time', ({ id, text }) => {
    const { model } = start();
    const recorded = smallReplayFile.outcomes.old[id as 'plain'];
    for (let repeat = 0; repeat < 5; repeat += 1) expect(marksOf(model, text)).toBe(recorded);
    expect(model.trueValue(text)).toBe(recorded.replaceAll('0', '').length / 4);
  });

  it.each([
    ['WORK it out  step by step, then answer the questions', '1110'],
    ['You are an expert. Give the letter only, please.', '0101'],
    ['Answer the question!', '1000'],
    // Nothing in common with any: all tie, the first one stands in.
    ['Ψ', '1000'],
  ])('answers under %j as the nearest recorded prompt', (prompt, marks) => {
    expect(marksOf(start().model, prompt)).toBe(marks);
  });

  it('draws from the accuracy where nothing else is known, within 3 standard errors of the truth', () => {
    const { model, moment } = start();
    moment.setRequest(50);
    const prompt = 'Answer the question.';
    const truth = model.trueValue(prompt);
    let right = 0;
    for (let call = 0; call < 20_000; call += 1)
      if (model.answer(prompt, call % 4).answer === model.inputs[call % 4]?.answer) right += 1;
    expect(Math.abs(right / 20_000 - truth)).toBeLessThan(3 * Math.sqrt((truth * (1 - truth)) / 20_000));
    expect(truth).toBeGreaterThan(0.5);
  });

  it('has a truth near the accuracy over many items', () => {
    const items = Array.from({ length: 3000 }, (_, index) => ({
      id: `${index}`,
      text: `Q${index}`,
      answer: 'A',
    }));
    const world = smallReplayWorld({
      items,
      outcomes: {},
      accuracy: { new: { plain: 0.7 } },
      model: 'new',
      shifts: [],
    });
    expect(Math.abs(start(world).model.trueValue('Answer the question.') - 0.7)).toBeLessThan(
      3 * Math.sqrt(0.21 / 3000),
    );
  });

  it('never has a prompt stand in that the model of the moment has no record of', () => {
    const { model, moment } = start();
    expect(model.recordings().map(({ prompt }) => prompt.id)).toEqual(['plain', 'steps', 'expert']);
    moment.setRequest(50);
    expect(model.recordings().map(({ prompt, accuracy }) => [prompt.id, accuracy])).toEqual([
      ['plain', 0.9],
      ['steps', 0.3],
    ]);
    const standIns = ['plain', 'steps'].map((id) =>
      model.trueValue(smallReplayFile.prompts.find((prompt) => prompt.id === id)?.text ?? ''),
    );
    expect(standIns).toContain(model.trueValue('You are an expert. Give the letter only.'));
  });

  it('answers wrongly with another answer of the segment', () => {
    const { model } = start();
    expect(model.answer('Answer the question.', 1).answer).toBe('A');
    expect(model.answer('Answer the question.', 2).answer).toBe('D');
  });
});
