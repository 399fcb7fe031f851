import { recallDecision } from './decision-memory.ts';
import { isRecord } from './is-record.ts';

/** The response header that Ratchet tells a decision with. */
export const decisionHeader = 'x-ratchet-decision';

/** Members in which clients keep the id of a completion or response. */
const idMembers = ['id', 'responseId', 'lastResponseId'];

/** Members in which clients keep what they know of the response. */
const responseMembers = ['response', 'response_metadata'];

/**
 * The id of the decision that an answer came from, to give feedback about. Takes whatever a client hands out: a `Response`,
 * or anything else with its `headers` or with a `response`; and, if the request went through `withRatchet` or
 * `ratchetFetch`, a completion, a response, a chunk or event of a stream, a message, a run, or such an id itself.
 * `undefined`: Ratchet decided nothing about the request, or it is longer ago than 10,000 others.
 */
export function decisionOf(answer: unknown): string | undefined {
  if (typeof answer === 'string') return recallDecision(answer);
  if (!isRecord(answer)) return undefined;
  return tellsOf(answer) ?? firstOf(responseMembers, (member) => tellsOf(answer[member]));
}

function tellsOf(answer: unknown): string | undefined {
  if (!isRecord(answer)) return undefined;
  return (
    headerOf(answer['headers']) ??
    firstOf(idMembers, (member) => {
      const id = answer[member];
      return typeof id === 'string' ? recallDecision(id) : undefined;
    })
  );
}

function headerOf(headers: unknown): string | undefined {
  if (!isRecord(headers)) return undefined;
  const value = headers instanceof Headers ? headers.get(decisionHeader) : headers[decisionHeader];
  return typeof value === 'string' ? value : undefined;
}

function firstOf<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
