import { extendHash, hashOf, uniformOf } from './seeded-hash.ts';
import type { FeedbackBehaviour, WorldInput } from './world.ts';

/** Feedback that an agent will give. */
export interface PlannedFeedback {
  /** The request that it is about; of an episode its last one. */
  readonly request: number;
  /** The episode that it is about as a whole; `null` where it is about the request alone. */
  readonly episode: string | null;
  /** It is given once the live request of this number has been answered. */
  readonly dueAtRequest: number;
  readonly metric: string;
  /** In [0, 1]. */
  readonly value: number;
  /** The output that would have been right. */
  readonly expected: string | null;
  readonly comment: string | null;
}

/** A turn with what came back. */
export interface AnsweredTurn {
  readonly input: WorldInput;
  /** The output's text. */
  readonly given: string;
  readonly isRight: boolean;
  /** The output that would have been right. */
  readonly expected: string;
}

/** What feedback is about. */
export interface FeedbackSubject {
  readonly seed: number;
  readonly request: number;
  readonly episode: string | null;
  /** The turns whose mean is the value; never empty. */
  readonly turns: readonly AnsweredTurn[];
  /** Facets in the prompt that was used. */
  readonly facetIds: readonly string[];
}

/**
 * The feedback on an answer, or `undefined` when it is missing. Each turn counts 1 or 0, flipped with chance `flip`;
 * the value is their mean. Missing with chance `missing`, or, where a facet with a share of its own is in the prompt,
 * with the highest such share instead. The right output and a comment are carried by shares of what is not missing.
 */
export function planFeedback(
  behaviour: FeedbackBehaviour,
  { seed, request, episode, turns, facetIds }: FeedbackSubject,
): PlannedFeedback | undefined {
  const luck = hashOf(seed, 'feedback', request);
  const draw = (what: string): number => uniformOf(extendHash(luck, what));
  if (draw('missing') < missingShare(behaviour, facetIds)) return undefined;

  const opinions = turns.map(
    ({ isRight }, index) =>
      isRight !== uniformOf(extendHash(extendHash(luck, 'flip'), index)) < behaviour.flip,
  );
  const [least, most] = behaviour.delayRequests;
  return {
    request,
    episode,
    dueAtRequest: request + least + Math.floor(draw('delay') * (most - least + 1)),
    metric: behaviour.metric,
    value: opinions.filter((isGood) => isGood).length / turns.length,
    expected: draw('expected') < behaviour.withExpected ? (turns.at(-1)?.expected ?? null) : null,
    comment: draw('comment') < behaviour.withComment ? commentOn(turns, opinions) : null,
  };
}

function missingShare({ missing, missingByFacet }: FeedbackBehaviour, facetIds: readonly string[]): number {
  const shares = facetIds.flatMap((id) => missingByFacet[id] ?? []);
  return shares.length === 0 ? missing : Math.max(...shares);
}

/** What a person would say who holds these opinions of the turns. */
function commentOn(turns: readonly AnsweredTurn[], opinions: readonly boolean[]): string {
  const wrong = turns.filter((_, index) => opinions[index] === false);
  if (wrong.length === 0) return 'This is right.';
  return wrong
    .map(({ input, given }) => {
      const topic = input.segment === null ? '' : ` The question is about ${input.segment}.`;
      return `${JSON.stringify(given)} is wrong for ${JSON.stringify(input.text)}.${topic}`;
    })
    .join(' ');
}
