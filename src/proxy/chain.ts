import { isChat, type AgentRequest } from '../domain/agent-request.ts';
import { isRecord } from '../domain/is-record.ts';
import { isMessageItem, type ResponseItem } from '../domain/responses.ts';

/** By what a responses request is tied to earlier ones. */
export interface Chain {
  /** The conversation that upstream keeps. */
  readonly conversationId: string | null;
  /** The response that this one goes on from. */
  readonly responseId: string | null;
  /** Upstream's ids of the first answer's items, where the client sends items again. */
  readonly itemIds: readonly string[];
}

const noChain: Chain = { conversationId: null, responseId: null, itemIds: [] };

/** The chain of a request; a chat has none. */
export function chainOf(request: AgentRequest): Chain {
  if (isChat(request)) return noChain;
  const { previous_response_id: responseId, conversation, input } = request;
  const conversationId = isRecord(conversation) ? conversation['id'] : conversation;
  return {
    conversationId: textOrNull(conversationId),
    responseId: textOrNull(responseId),
    itemIds: firstAnswerIds(input),
  };
}

/** Whether a request goes on from what upstream knows. */
export function isGoingOn(chain: Chain): boolean {
  return chain.conversationId !== null || answerIdsOf(chain).length > 0;
}

/** Ids by which the answer that a request goes on from is known, the surest first. */
export function answerIdsOf({ responseId, itemIds }: Chain): readonly string[] {
  return responseId === null ? itemIds : [responseId, ...itemIds];
}

/** The ids of the first run of items that upstream has made, its thoughts left out. */
function firstAnswerIds(input: string | readonly ResponseItem[] | undefined): readonly string[] {
  if (input === undefined || typeof input === 'string') return [];
  const start = input.findIndex(isAnswer);
  if (start === -1) return [];
  const length = input.slice(start).findIndex((item) => !isAnswer(item));
  const run = length === -1 ? input.slice(start) : input.slice(start, start + length);
  return run.flatMap(({ type, id }) => (type === 'reasoning' ? [] : (textOrNull(id) ?? [])));
}

/** What an agent's tools put out stands between the answers, as its user's messages do; all else came from upstream. */
function isAnswer(item: ResponseItem): boolean {
  if (isMessageItem(item)) return item.role === 'assistant';
  return typeof item.type !== 'string' || !item.type.endsWith('_output');
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
