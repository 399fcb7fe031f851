import type { AgentRequest } from '../domain/agent-request.ts';
import type { AnswerFacts } from '../domain/answer-facts.ts';

/** One of the ways of asking a model: what is looked at in a request and in its answer. */
export interface RequestFormat {
  /** As the OpenTelemetry conventions call it. */
  readonly apiType: 'chat_completions' | 'responses';
  /** Fields of a request that are looked at; the others are not even parsed. */
  readonly fields: ReadonlySet<string>;
  /** The field that holds the conversation. */
  readonly conversationField: 'messages' | 'input';
  /** The request that the fields make; `undefined` where they are malformed, so that it is upstream's to judge. */
  readonly requestOf: (fields: Readonly<Record<string, unknown>>) => AgentRequest | undefined;
  /** What an answer says, whole or as a stream of events. Never throws: what cannot be read is missing. */
  readonly readAnswer: (body: string, contentType: string | undefined) => AnswerFacts;
  /** The id of an answer that the first piece of its stream tells, where later turns may name it; else `null`. */
  readonly announcedId: (piece: Uint8Array) => string | null;
}
