import type { AgentRequest } from '../domain/agent-request.ts';
import type { ChatMessage } from '../domain/chat.ts';
import { answerIdsOf, type Chain } from './chain.ts';
import {
  answerIn,
  callIdsIn,
  firstAnswerIndex,
  openingOf,
  type ConversationKeys,
  type Opening,
} from './conversation-key.ts';
import { metadataText } from './rewrite.ts';

/** Longest name of an episode, in characters; a longer one is no name. */
export const episodeNameMax = 256;

/**
 * Which episode a request belongs to.
 * - `named`: the caller says so.
 * - `later-turn`: it goes on from an answer, by which its first turn may be found.
 * - `first-turn`: it does not; its opening will name the conversation once the answer is known.
 */
export type EpisodeKey =
  | { readonly kind: 'named'; readonly name: string; readonly isLaterTurn: boolean }
  | {
      readonly kind: 'later-turn';
      /** Ids of upstream's for the earlier answer, which only one conversation has. */
      readonly answerIds: readonly string[];
      /** How the conversation begins, which others may share; `null` where upstream keeps it. */
      readonly beginning: Beginning | null;
    }
  | { readonly kind: 'first-turn'; readonly opening: Opening };

/** How a conversation begins that is past its first answer. */
export interface Beginning {
  /** Opening and first answer. */
  readonly key: string;
  /** Ids of the tool calls in the first answer. */
  readonly callIds: readonly string[];
  /** What follows the first answer; by it conversations that began alike are told apart from their second turn on. */
  readonly next: ChatMessage | undefined;
}

/** The part of a query that tells the episode. */
export interface EpisodeQuery {
  readonly request: AgentRequest;
  readonly header: (name: string) => string | undefined;
  readonly scope: string;
}

/** What a request says behind its prompt, and the prompt itself as the client sent it. */
export interface ClientConversation {
  readonly prompt: string;
  readonly turns: readonly ChatMessage[];
  readonly chain: Chain;
}

/** Headers that agents and their frameworks name a session by, weakest last. */
const sessionHeaders = ['x-session-id', 'x-claude-code-session-id'] as const;

/** The request's episode: a name that was given, else what it goes on from, else the beginning of the conversation. */
export function episodeKeyOf(
  { request, header, scope }: EpisodeQuery,
  { prompt, turns, chain }: ClientConversation,
  conversationKey: ConversationKeys,
): EpisodeKey {
  const { conversationId } = chain;
  const answerIds = answerIdsOf(chain);
  const answerIndex = firstAnswerIndex(turns);
  const isLaterTurn = answerIndex !== undefined || answerIds.length > 0 || conversationId !== null;
  const metadata = request['metadata'];
  const name =
    episodeName(header('x-ratchet-episode')) ??
    episodeName(metadataText(metadata, 'ratchet_episode')) ??
    episodeName(metadataText(metadata, 'session_id')) ??
    sessionHeaders.map((session) => episodeName(header(session))).find((found) => found !== undefined) ??
    episodeName(conversationId ?? undefined);
  if (name !== undefined) return { kind: 'named', name, isLaterTurn };
  const opening = openingOf(turns.slice(0, answerIndex), { scope, prompt });
  const answer = answerIndex === undefined ? undefined : turns[answerIndex];
  const key = answer === undefined ? null : conversationKey(opening, answerIn(answer));
  const beginning =
    key === null || answer === undefined || answerIndex === undefined
      ? null
      : { key, callIds: callIdsIn(answer), next: turns[answerIndex + 1] };
  return beginning === null && answerIds.length === 0
    ? { kind: 'first-turn', opening }
    : { kind: 'later-turn', answerIds, beginning };
}

function episodeName(given: string | undefined): string | undefined {
  return given !== undefined && given !== '' && given.length <= episodeNameMax ? given : undefined;
}
