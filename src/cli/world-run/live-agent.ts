import OpenAI from 'openai';
import type { ChatRequest } from '../../domain/chat.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { PlannedFeedback } from '../../upstream/simulated/feedback-plan.ts';

/** A world's agent as users run one: the `openai` package against the proxy, and scores by HTTP. */
export interface LiveAgent {
  readonly ask: (body: ChatRequest, episode: string | null) => Promise<LiveAnswer>;
  /** Posts scores; resolves when they are acknowledged. */
  readonly score: (scores: readonly Score[]) => Promise<void>;
}

export interface LiveAnswer {
  readonly completionId: string;
  /** The signed id that scores name. */
  readonly decisionId: string;
  readonly variantId: string;
}

export interface Score {
  readonly decisionId: string;
  readonly planned: PlannedFeedback;
}

/** Scores that one post may carry. */
export const scoresMax = 500;

/** An agent whose prompt goes by the name `taskName`, behind the proxy at `url`. */
export function createLiveAgent(url: string, taskName: string): LiveAgent {
  const client = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: 'demo',
    maxRetries: 0,
    defaultHeaders: { 'x-ratchet-task': taskName },
  });
  return {
    ask: async (body, episode) => {
      const parameters: OpenAI.ChatCompletionCreateParamsNonStreaming = JSON.parse(JSON.stringify(body));
      const headers = episode === null ? {} : { 'x-ratchet-episode': episode };
      const { data, response } = await client.chat.completions.create(parameters, { headers }).withResponse();
      return {
        completionId: data.id,
        decisionId: headerOf(response, 'x-ratchet-decision'),
        variantId: headerOf(response, 'x-ratchet-variant'),
      };
    },
    score: async (scores) => {
      if (scores.length === 0) return;
      const response = await fetch(`${url}/v1/feedback`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer demo' },
        body: JSON.stringify(scores.map(feedbackOf)),
      });
      const text = await response.text();
      if (!response.ok)
        throw new RatchetError('internal', `feedback was answered ${response.status}: ${text.slice(0, 300)}`);
    },
  };
}

/** One agent whose calls go to several in turn, as a load balancer would send them: scores to whichever comes next. */
export function inTurn(agents: readonly LiveAgent[]): LiveAgent {
  let calls = 0;
  const next = (): LiveAgent => {
    const agent = agents[calls % agents.length];
    if (agent === undefined) throw new RangeError('there is nobody to call');
    calls += 1;
    return agent;
  };
  return {
    ask: async (body, episode) => next().ask(body, episode),
    score: async (scores) => next().score(scores),
  };
}

function feedbackOf({ decisionId, planned }: Score): Readonly<Record<string, unknown>> {
  return {
    id: planned.episode ?? decisionId,
    metric: planned.metric,
    value: planned.value,
    key: `request-${planned.request}`,
    ...(planned.expected === null ? {} : { expected: planned.expected }),
    ...(planned.comment === null ? {} : { comment: planned.comment }),
  };
}

function headerOf(response: Response, name: string): string {
  const value = response.headers.get(name);
  if (value === null) throw new RatchetError('internal', `an answer came without the header ${name}`);
  return value;
}
