import { createCallLuck } from './call-luck.ts';
import type { Luck } from './chance.ts';
import { extendHash, indexOf, normalOf, type SeededHash } from './seeded-hash.ts';
import type { WorldInput } from './world.ts';
import { wrongAnswersFor } from './wrong-answers.ts';

/** Draws the answer of one call: the input's own when `isRightWith` its luck, else a wrong one, all alike. */
export type AnswerDraw = (
  prompt: string,
  input: number,
  isRightWith: (luck: Luck) => boolean,
) => { readonly answer: string; readonly luck: SeededHash };

/** `wrongPool` lists what may be answered to an input when it is answered wrongly; the right answer is left out. */
export function createAnswerDraw(
  seed: number,
  { inputs, inputLucks }: { readonly inputs: readonly WorldInput[]; readonly inputLucks: readonly number[] },
  wrongPool: (input: WorldInput) => readonly string[],
): AnswerDraw {
  const wrong = inputs.map((input) => wrongAnswersFor(input, wrongPool(input)));
  const drawCall = createCallLuck(seed, inputs);
  return (prompt, input, isRightWith) => {
    const luck = drawCall(prompt, input);
    const isRight = isRightWith({ input: inputLucks[input] ?? 0, call: normalOf(luck) });
    const choices = wrong[input] ?? [];
    const answer = isRight
      ? inputs[input]?.answer
      : choices[indexOf(extendHash(luck, 'wrong answer'), choices.length)];
    return { answer: answer ?? '', luck };
  };
}
