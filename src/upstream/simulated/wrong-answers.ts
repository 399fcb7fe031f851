import { foldText } from './phrases.ts';
import type { WorldInput } from './world.ts';

/** What a model says that knows nothing else to say. */
const noAnswer = 'none of these';

/** The answers of a pool that are wrong for an input; never empty. */
export function wrongAnswersFor(input: WorldInput, pool: readonly string[]): readonly string[] {
  const wrong = pool.filter((answer) => foldText(answer) !== foldText(input.answer));
  if (wrong.length > 0) return wrong;
  return [foldText(input.answer) === noAnswer ? 'something else' : noAnswer];
}

/** What inputs of a world are answered with, each answer once; for worlds that list no wrong answers. */
export function answersTo(inputs: readonly WorldInput[]): readonly string[] {
  return [...new Set(inputs.map(({ answer }) => answer))];
}
