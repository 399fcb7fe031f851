import { describe, expect, it } from 'vitest';
import { createFacetsModel, type FacetsModel } from './facets-model.ts';
import { createMoment, type Moment } from './moment.ts';
import { smallFacetsWorld } from './small-world.case.ts';
import { createTokenCount } from './token-count.ts';
import type { FacetsWorld } from './world.ts';

const own = 'Sort the tickets of Mail.\nAnswer with the queue.';

function start(world: FacetsWorld, seed = 5): { model: FacetsModel; moment: Moment } {
  const moment = createMoment(world.shifts.map(({ atRequest }) => atRequest));
  return { model: createFacetsModel(world, { seed, moment, countTokens: createTokenCount() }), moment };
}

/** Share of right answers to one input, or to all in turn. */
function accuracyOf(model: FacetsModel, prompt: string, calls: number, input?: number): number {
  let right = 0;
  for (let call = 0; call < calls; call += 1) {
    const index = input ?? call % model.inputs.length;
    if (model.answer(prompt, index).answer === model.inputs[index]?.answer) right += 1;
  }
  return right / calls;
}

describe('truth', () => {
  const prompts = [
    own,
    `${own}\nChoose from these.`,
    `${own} Explain in detail.`,
    `${own}\nOne of:  BILLING, bug. explain IN detail`,
  ];

  it.each([0, 0.3, 0.7, 0.99])('is met by 20,000 calls within 3 standard errors, c = %f', (consistency) => {
    for (const prompt of prompts) {
      const { model } = start(smallFacetsWorld({ model: { consistency } }));
      const truth = model.trueValue(prompt);
      const standardError = Math.sqrt((truth * (1 - truth)) / 20_000);
      expect(Math.abs(accuracyOf(model, prompt, 20_000) - truth)).toBeLessThan(3 * standardError);
    }
  });

  it('over many inputs comes near the mean chance', () => {
    const inputs = Array.from({ length: 4000 }, (_, index) => ({ text: `Ticket ${index}`, answer: 'bug' }));
    const { model } = start(smallFacetsWorld({ agent: { inputs } }));
    expect(Math.abs(model.trueValue(own) - 0.6)).toBeLessThan(3 * Math.sqrt(0.24 / 4000));
  });

  it('moves with a shift and back', () => {
    const { model, moment } = start(smallFacetsWorld());
    const listed = `${own} Choose from these.`;
    const before = [model.trueValue(own), model.trueValue(listed)];
    expect(before[1]!).toBeGreaterThan(before[0]!);
    moment.setRequest(100);
    expect(model.trueValue(listed)).toBeLessThan(model.trueValue(own));
    expect(model.trueValue(own)).toBeLessThan(before[0]!);
    moment.setRequest(99);
    expect([model.trueValue(own), model.trueValue(listed)]).toEqual(before);
  });
});

describe('consistency', () => {
  it('1 answers an input alike in every call', () => {
    const { model } = start(smallFacetsWorld({ model: { consistency: 1 } }));
    for (const input of [0, 1, 2]) expect([0, 1]).toContain(accuracyOf(model, own, 200, input));
  });

  it('0 leaves nothing to the input: each is right as often as its chance says', () => {
    const { model } = start(smallFacetsWorld({ model: { consistency: 0 } }));
    for (const [input, chance] of model.chances(own).entries())
      expect(Math.abs(accuracyOf(model, own, 20_000, input) - chance)).toBeLessThan(
        3 * Math.sqrt(0.25 / 20_000),
      );
  });

  it('makes the answers under two prompts agree more often, the higher it is', () => {
    const agreement = (consistency: number): number => {
      const { model } = start(smallFacetsWorld({ model: { consistency } }));
      let same = 0;
      for (let call = 0; call < 6000; call += 1) {
        const right = [own, `${own} `].map(
          (prompt) => model.answer(prompt, call % 3).answer === model.inputs[call % 3]?.answer,
        );
        if (right[0] === right[1]) same += 1;
      }
      return same / 6000;
    };
    expect(agreement(0.9)).toBeGreaterThan(agreement(0) + 0.1);
  });
});

describe('answers', () => {
  it('repeat for the same seed, and differ for another', () => {
    const answers = (seed: number): string[] => {
      const { model } = start(smallFacetsWorld(), seed);
      return Array.from({ length: 300 }, (_, call) => model.answer(own, call % 3).answer);
    };
    expect(answers(5)).toEqual(answers(5));
    expect(answers(5)).not.toEqual(answers(6));
  });

  it('do not depend on what else was asked in between', () => {
    const alone = start(smallFacetsWorld()).model;
    const among = start(smallFacetsWorld()).model;
    const expected = Array.from({ length: 100 }, () => alone.answer(own, 1));
    const found = Array.from({ length: 100 }, () => {
      among.answer(`${own} Other.`, 1);
      among.answer(own, 2);
      return among.answer(own, 1);
    });
    expect(found).toEqual(expected);
  });

  it('when wrong are drawn evenly from the wrong answers, never the right one', () => {
    const { model } = start(smallFacetsWorld({ model: { baseAccuracy: 0 } }));
    const counts = new Map<string, number>();
    for (let call = 0; call < 3000; call += 1) {
      const { answer } = model.answer(own, 0);
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted()).toEqual(['account', 'bug', 'other']);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(667));
  });

  it('are never right by accident where no wrong answer is left', () => {
    const { model } = start(smallFacetsWorld({ model: { baseAccuracy: 0, wrongAnswers: ['Billing'] } }));
    expect(model.answer(own, 0).answer).toBe('none of these');
  });
});

describe('length of the prompt', () => {
  const world = smallFacetsWorld({ model: { promptTokenPenalty: 0.5 } });

  it("costs nothing in the agent's own prompt, whatever its slots hold", () => {
    const { model } = start(world);
    for (const prompt of [own, 'Sort the tickets of Drive and Photos.\nAnswer with the queue.'])
      expect(model.chances(prompt)[1]).toBeCloseTo(0.6, 12);
  });

  it('costs the penalty per token beyond the own prompt with the same slots', () => {
    const { model } = start(world);
    const countTokens = createTokenCount();
    const ownLonger = 'Sort the tickets of Drive and Photos.\nAnswer with the queue.';
    const edited = `${ownLonger}\nPlease be quick.`;
    const extra = countTokens(edited) - countTokens(ownLonger);
    expect(extra).toBeGreaterThan(2);
    expect(model.chances(edited)[1]).toBeCloseTo(1 / (1 + Math.exp(0.5 * extra - Math.log(1.5))), 12);
  });

  it('is a gain where the prompt is shorter', () => {
    const { model } = start(world);
    expect(model.chances('Sort the tickets of Mail.')[1]).toBeGreaterThan(0.6);
  });
});
