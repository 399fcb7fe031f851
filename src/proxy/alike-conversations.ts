import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { textOf, type ChatMessage } from '../domain/chat.ts';
import { scopedKey, type Episode, type EpisodeOwner } from './episode.ts';
import type { Beginning } from './episode-key.ts';

/** Conversations kept in memory, twice where the first answer has tool calls; an older one is read from the store. */
const conversationsMax = 50_000;

/** Conversations with one beginning that are told apart; the oldest falls out. */
const alikeMax = 16;

/** Conversations without a name, by how they began. */
export interface AlikeConversations {
  /** A conversation has begun; `callIds` are those of the tool calls in its first answer. */
  readonly add: (owner: EpisodeOwner, key: string, begun: BegunConversation) => void;
  /** The conversation that goes on. */
  readonly find: (owner: EpisodeOwner, beginning: Beginning) => Episode | undefined;
}

/** A conversation after its first answer. */
export interface BegunConversation {
  readonly episode: Episode;
  readonly callIds: readonly string[];
}

interface Candidate {
  readonly episode: Episode;
  /** Hash of what followed the first answer, once it has gone on. */
  next: string | null;
}

/**
 * Conversations that begin alike cannot always be told apart: two users may ask the same and be answered the same. A turn
 * belongs to one with the same id of a tool call, where there is any. Of those that remain it goes to the one that has
 * gone on with the same words, else to the newest that has not gone on yet. So no conversation changes its variant
 * between its later turns, and none takes the turns of two unless they go on with the same words as well; at worst two
 * have their first turns exchanged.
 *
 * All that the users of such conversations have seen is the same, so that nothing about the variants can have made one
 * go on and another not, and which of them a turn goes to depends only on the order in which they began. Each turn is
 * logged with the draw that it got. An exchange makes variants look more alike than they are; it favours none.
 */
export function createAlikeConversations(): AlikeConversations {
  const beginnings = new LRUCache<string, readonly Candidate[]>({
    maxSize: conversationsMax,
    sizeCalculation: (candidates) => candidates.length,
  });
  return {
    add: (owner, key, { episode, callIds }) => {
      const candidate: Candidate = { episode, next: null };
      for (const name of namesOf(owner, key, callIds))
        beginnings.set(name, [candidate, ...(beginnings.get(name) ?? [])].slice(0, alikeMax));
    },
    find: (owner, { key, callIds, next }) => {
      const names = namesOf(owner, key, callIds);
      const candidates = names.map((name) => beginnings.get(name)).find((known) => known !== undefined);
      if (candidates === undefined) return undefined;
      const gone = nextHash(next);
      const found =
        candidates.find((candidate) => candidate.next === gone) ??
        candidates.find((candidate) => candidate.next === null);
      if (found !== undefined) found.next ??= gone;
      return (found ?? candidates[0])?.episode;
    },
  };
}

/** The beginning with the id of its first tool call, by which hardly two are alike, then without. */
function namesOf(
  { scope, taskId }: EpisodeOwner,
  key: string,
  [callId]: readonly string[],
): readonly string[] {
  const name = scopedKey(scope, taskId, key);
  return callId === undefined ? [name] : [scopedKey(name, callId), name];
}

function nextHash(next: ChatMessage | undefined): string {
  const said =
    next === undefined ? '' : `${next.role}\n${String(next['tool_call_id'])}\n${textOf(next.content)}`;
  return hash('sha256', said, 'base64url').slice(0, 16);
}
