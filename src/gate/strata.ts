import { conversationOf, isChat, type AgentRequest } from '../domain/agent-request.ts';
import { leadingPromptLength, textOf } from '../domain/chat.ts';
import { estimateTokens } from '../domain/estimate-tokens.ts';
import type { Trace } from '../domain/trace.ts';
import { offeredTools } from './graders/offered-tools.ts';

/** Marks segments that nobody declared, so that no declared one is taken for them. */
const discoveredMark = '~';

/** Upper ends of the lengths that are told apart, tokens of the conversation beside the prompt. */
const lengths: readonly (readonly [name: string, tokensMax: number])[] = [
  ['short', 200],
  ['medium', 1_000],
  ['long', 4_000],
];

/** Names of models longer than this are cut, characters. */
const modelLengthMax = 60;

/**
 * The segment of a request: the one that its caller named (`metadata.ratchet_segment`), else one that is read from what
 * is asked: the model, whether tools are offered, and how long the conversation is. Such as `~gpt-4o, tools, long`: a
 * handful for each model, the same for the same request on every machine.
 */
export function segmentOf({ decision }: Pick<Trace, 'decision'>): string {
  if (decision.segment !== null) return decision.segment;
  const request = decision.content?.request;
  const model = decision.model.slice(0, modelLengthMax);
  if (request === undefined) return `${discoveredMark}${model}`;
  const tools = offeredTools(request).length > 0 ? 'tools' : 'no tools';
  return `${discoveredMark}${model}, ${tools}, ${lengthOf(request)}`;
}

function lengthOf(request: AgentRequest): string {
  const messages = conversationOf(request);
  const said = isChat(request) ? messages.slice(leadingPromptLength(messages)) : messages;
  let tokens = 0;
  for (const { content } of said) tokens += estimateTokens(textOf(content));
  return lengths.find(([, tokensMax]) => tokens <= tokensMax)?.[0] ?? 'very long';
}
