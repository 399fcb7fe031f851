import type { Fetch } from './ratchet-fetch.ts';

/** A feedback as it was sent. */
export type SentFeedback = Readonly<Record<string, unknown>> & { readonly id: string; readonly key: string };

/** A server that takes feedback as Ratchet does: all of a list or nothing, a key once. */
export interface FeedbackServer {
  readonly fetch: Fetch;
  /** Every list that was sent, taken or not. */
  readonly lists: readonly (readonly SentFeedback[])[];
  readonly requests: readonly { readonly url: string; readonly headers: Headers }[];
  /** What was taken, by its key. */
  readonly taken: ReadonlyMap<string, SentFeedback>;
}

/**
 * What happens to a list, the first of which has the count 1. `undefined`: it is taken. `lost`: it is taken, but the answer
 * never arrives. It may throw, as `fetch` does where nobody listens.
 */
export type Treatment = (list: readonly SentFeedback[], count: number) => Response | 'lost' | undefined;

/** An answer in OpenAI's error shape. */
export function errorAnswer(
  status: number,
  code: string,
  {
    param = null,
    headers = {},
  }: { readonly param?: string | null; readonly headers?: Record<string, string> } = {},
): Response {
  const message = param === null ? 'is wrong' : `${param}: is wrong`;
  return Response.json({ error: { message, type: 'any', param, code } }, { status, headers });
}

/** A server that treats each list so; default: it takes them all. */
export function createFeedbackServer(treat: Treatment = () => undefined): FeedbackServer {
  const lists: (readonly SentFeedback[])[] = [];
  const requests: { readonly url: string; readonly headers: Headers }[] = [];
  const taken = new Map<string, SentFeedback>();
  return {
    lists,
    requests,
    taken,
    fetch: async (input, init) => {
      requests.push({
        url: new URL(input instanceof Request ? input.url : input).href,
        headers: new Headers(init?.headers),
      });
      const list = JSON.parse(init?.body as string) as readonly SentFeedback[];
      lists.push(list);
      const treated = treat(list, lists.length);
      if (treated !== undefined && treated !== 'lost') return treated;
      const results = list.map((feedback) => {
        const outcome = taken.has(feedback.key) ? 'duplicate' : 'counted';
        taken.set(feedback.key, feedback);
        return { feedback_id: `feedback-${feedback.id}`, outcome };
      });
      if (treated === 'lost') throw new TypeError('fetch failed');
      return Response.json({ results });
    },
  };
}
