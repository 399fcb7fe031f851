import { LRUCache } from 'lru-cache';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { ChatMessage } from '../domain/chat.ts';
import type { Attribution } from '../domain/decision.ts';
import type { DecisionStore } from '../store/decision-store.ts';
import { firstAnswerOf, openingOf, type ConversationKeys, type Opening } from './conversation-key.ts';
import { within } from './deadline.ts';
import { metadataText } from './rewrite.ts';

/** Episodes kept in memory; the variant of an older one is read from the store. */
const episodesMax = 50_000;

/** What a look-up of an unknown episode may cost a request, milliseconds. */
export const lookUpMsMax = 25;

/** Longest name of an episode, in characters; a longer one is no name. */
export const episodeNameMax = 256;

/** What the turns of an episode share. */
export interface Episode {
  readonly episodeId: string;
  readonly variantId: string;
  readonly propensity: number;
  readonly planVersion: number;
  readonly attribution: Attribution;
}

/**
 * Which episode a request belongs to.
 * - `named`: the caller says so.
 * - `later-turn`: it has assistant turns, by which its first turn may be found.
 * - `first-turn`: it has none; its opening will name the conversation once the answer is known.
 */
export type EpisodeKey =
  | { readonly kind: 'named'; readonly key: string; readonly isLaterTurn: boolean }
  | { readonly kind: 'later-turn'; readonly key: string }
  | { readonly kind: 'first-turn'; readonly opening: Opening };

/** The part of a query that tells the episode. */
export interface EpisodeQuery {
  readonly request: AgentRequest;
  readonly header: (name: string) => string | undefined;
  readonly scope: string;
}

/** Headers that agents and their frameworks name a session by, weakest last. */
const sessionHeaders = ['x-session-id', 'x-claude-code-session-id'] as const;

/** What a request says behind its prompt, and the prompt itself as the client sent it. */
export interface ClientConversation {
  readonly prompt: string;
  readonly turns: readonly ChatMessage[];
}

/** The request's episode: a name that was given, else the beginning of the conversation. */
export function episodeKeyOf(
  { request, header, scope }: EpisodeQuery,
  { prompt, turns }: ClientConversation,
  conversationKey: ConversationKeys,
): EpisodeKey {
  const answer = firstAnswerOf(turns);
  const metadata = request['metadata'];
  const name =
    episodeName(header('x-ratchet-episode')) ??
    episodeName(metadataText(metadata, 'ratchet_episode')) ??
    episodeName(metadataText(metadata, 'session_id')) ??
    sessionHeaders.map((session) => episodeName(header(session))).find((found) => found !== undefined);
  if (name !== undefined) return { kind: 'named', key: name, isLaterTurn: answer !== undefined };
  const opening = openingOf(turns, { scope, prompt });
  const key = answer && conversationKey(opening, answer);
  return key === undefined || key === null ? { kind: 'first-turn', opening } : { kind: 'later-turn', key };
}

/** The episodes of late. */
export interface EpisodeMemory {
  readonly recall: (owner: EpisodeOwner, key: string) => Episode | undefined;
  readonly remember: (owner: EpisodeOwner, key: string, episode: Episode) => void;
  /** Asks the store. `unknown`: there is none; `late`: no answer in time. Never rejects. */
  readonly lookUp: (owner: EpisodeOwner, key: string) => Promise<Episode | 'unknown' | 'late'>;
}

/** An episode keeps one variant for each task that it calls on. */
export interface EpisodeOwner {
  readonly scope: string;
  readonly taskId: string;
}

/** A bounded memory before the store. */
export function createEpisodeMemory(store: Pick<DecisionStore, 'findEpisode'>): EpisodeMemory {
  const episodes = new LRUCache<string, Episode>({ max: episodesMax });
  const remember: EpisodeMemory['remember'] = (owner, key, episode) =>
    void episodes.set(memoryKey(owner, key), episode);
  return {
    recall: (owner, key) => episodes.get(memoryKey(owner, key)),
    remember,
    lookUp: async (owner, key) => {
      try {
        const found = await within(store.findEpisode(owner.scope, key, owner.taskId), lookUpMsMax);
        if (found === 'late') return 'late';
        if (found === undefined || found.taskId !== owner.taskId) return 'unknown';
        const { episodeId, variantId, propensity, planVersion } = found;
        const episode: Episode = { episodeId, variantId, propensity, planVersion, attribution: 'drawn' };
        remember(owner, key, episode);
        return episode;
      } catch {
        return 'late';
      }
    },
  };
}

function memoryKey({ scope, taskId }: EpisodeOwner, key: string): string {
  return `${scope}\n${taskId}\n${key}`;
}

function episodeName(given: string | undefined): string | undefined {
  return given !== undefined && given !== '' && given.length <= episodeNameMax ? given : undefined;
}
