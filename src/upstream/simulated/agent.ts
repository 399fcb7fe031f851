import type { ChatMessage, ChatRequest, Completion } from '../../domain/chat.ts';
import { fillSkeleton, type SlotValues } from '../../domain/skeleton.ts';
import { agentOptions, assistantMessages } from './agent-messages.ts';
import { answerTextOf, expectedOutput, givesAnswer } from './answer-form.ts';
import { planFeedback, type AnsweredTurn, type PlannedFeedback } from './feedback-plan.ts';
import type { Moment } from './moment.ts';
import { hashOf, indexOf } from './seeded-hash.ts';
import { agentModelName } from './model-names.ts';
import { drawSlots, parsePrompt, type SlotChoices } from './slots.ts';
import type { FeedbackBehaviour, OutputForm, WorldInput } from './world.ts';

/** The agent of a world: it asks, judges what comes back, and gives feedback as its world says. */
export interface Agent {
  /**
   * The next live request, numbered from 0, and moves the world's moment to it. Continues the oldest episode whose
   * last turn has been answered, else begins an episode.
   */
  readonly nextRequest: () => AgentRequest;
  /**
   * Takes the answer to a request, once, and says what feedback it leads to; `undefined` when none is given, now or
   * ever. A request that failed is told by `undefined` in place of the answer, and ends its episode.
   */
  readonly feedbackFor: (
    request: AgentRequest,
    answer: ServedAnswer | undefined,
  ) => PlannedFeedback | undefined;
}

export interface AgentRequest {
  readonly number: number;
  /** Name of its conversation; `null` where each request stands alone. */
  readonly episode: string | null;
  /** From 1 to the world's `turns`. */
  readonly turn: number;
  readonly input: WorldInput;
  readonly slots: SlotValues;
  /** What to send to `/v1/chat/completions`. */
  readonly body: ChatRequest;
}

export interface ServedAnswer {
  readonly completion: Completion;
  /** The system prompt that reached the model, which a proxy may have rewritten. */
  readonly prompt: string;
}

/** What of a world the agent acts by. */
export interface AgentSettings {
  readonly seed: number;
  readonly moment: Moment;
  readonly inputs: readonly WorldInput[];
  readonly slots: SlotChoices;
  readonly turns: number;
  readonly output: OutputForm;
  readonly feedback: FeedbackBehaviour;
  /** The agent's own prompt, slots unfilled, at a live request. */
  readonly systemPromptAt: (request: number) => string;
  readonly facetsIn: (prompt: string) => readonly string[];
}

/** An episode under way. */
interface Episode {
  readonly name: string | null;
  readonly slots: SlotValues;
  /** The conversation so far, the agent's own prompt first. */
  readonly messages: readonly ChatMessage[];
  readonly answered: readonly AnsweredTurn[];
}

/** Episodes that wait for a turn's answer; older ones are given up, so that lost answers do not pile up. */
const openEpisodesMax = 10_000;

/** An agent at its first request. Everything that it draws is a hash of the seed and the request's number. */
export function createAgent(settings: AgentSettings): Agent {
  const { seed, moment, inputs, turns, output, feedback } = settings;
  const open = new Map<number, Episode>();
  const ready: Episode[] = [];
  let next = 0;

  const begin = (number: number): Episode => {
    const slots = drawSlots(settings.slots, seed, number);
    const prompt = fillSkeleton(parsePrompt(settings.systemPromptAt(number)), slots);
    const name = turns > 1 ? `episode-${number}` : null;
    return { name, slots, messages: [{ role: 'system', content: prompt }], answered: [] };
  };

  return {
    nextRequest: () => {
      const number = next;
      next += 1;
      moment.setRequest(number);
      const episode = ready.shift() ?? begin(number);
      const input = inputs[indexOf(hashOf(seed, 'input', number), inputs.length)];
      if (input === undefined) throw new RangeError('the world has no inputs');
      const messages = [...episode.messages, { role: 'user', content: input.text }];
      open.set(number, { ...episode, messages });
      const oldest = open.keys().next();
      if (open.size > openEpisodesMax && oldest.done !== true) open.delete(oldest.value);
      const body = { model: agentModelName, messages, ...agentOptions(output) };
      return {
        number,
        episode: episode.name,
        turn: episode.answered.length + 1,
        input,
        slots: episode.slots,
        body,
      };
    },
    feedbackFor: (request, answer) => {
      const episode = open.get(request.number);
      open.delete(request.number);
      if (episode === undefined || answer === undefined) return undefined;
      const given = answerTextOf(answer.completion);
      const turn: AnsweredTurn = {
        input: request.input,
        given,
        isRight: givesAnswer(given, request.input.answer),
        expected: expectedOutput(request.input.answer, output),
      };
      const answered = [...episode.answered, turn];
      const isLast = answered.length === turns;
      if (!isLast)
        ready.push({
          ...episode,
          answered,
          messages: [...episode.messages, ...assistantMessages(answer.completion, answered.length)],
        });
      if (feedback.level === 'episode' && !isLast) return undefined;
      return planFeedback(feedback, {
        seed,
        request: request.number,
        episode: feedback.level === 'episode' ? episode.name : null,
        turns: feedback.level === 'episode' ? answered : [turn],
        facetIds: settings.facetsIn(answer.prompt),
      });
    },
  };
}
