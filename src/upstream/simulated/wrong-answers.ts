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

/** The answers to other inputs of the same segment, for worlds that list no wrong answers. */
export function answersOfSegment(inputs: readonly WorldInput[], segment: string | null): readonly string[] {
  return [...new Set(inputs.filter((input) => input.segment === segment).map(({ answer }) => answer))];
}
