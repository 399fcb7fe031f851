import { LRUCache } from 'lru-cache';
import { createAlikeConversations, type BegunConversation } from './alike-conversations.ts';
import { scopedKey, type Episode, type EpisodeOwner } from './episode.ts';
import type { EpisodeKey } from './episode-key.ts';

/** Episodes kept in memory; the variant of an older one is read from the store. */
const episodesMax = 50_000;

/** Upstream's ids kept in memory; what an older one belongs to is read from the store. */
const answerIdsMax = 50_000;

/** An episode that a request goes on with. */
export interface KnownEpisode {
  readonly episodeId: string;
  /** What was drawn for the task; `null`: the episode calls on this task for the first time. */
  readonly episode: Episode | null;
}

/** The task that an answer of upstream's was given for, and the episode that it was given in. */
export interface Link {
  readonly taskId: string;
  readonly episode: Episode;
}

/** A key that names an episode, or an answer of one. */
export type LaterKey = Exclude<EpisodeKey, { readonly kind: 'first-turn' }>;

/** The episodes of late: a bounded memory before the store. */
export interface EpisodeMemory {
  readonly recall: (owner: EpisodeOwner, key: LaterKey) => KnownEpisode | undefined;
  /** What any of upstream's ids belongs to, whatever the task. */
  readonly recallLink: (scope: string, ids: readonly string[]) => Link | undefined;
  /** Has later turns find an episode by its id. */
  readonly remember: (owner: EpisodeOwner, episode: Episode) => void;
  /** Has later turns find an episode by an id of upstream's: of a response, an item, a conversation. */
  readonly link: (owner: EpisodeOwner, id: string, episode: Episode) => void;
  /** Has later turns find a conversation by how it began. */
  readonly begin: (owner: EpisodeOwner, key: string, begun: BegunConversation) => void;
}

/** Starts with nothing remembered. */
export function createEpisodeMemory(): EpisodeMemory {
  const episodes = new LRUCache<string, Episode>({ max: episodesMax });
  const links = new LRUCache<string, Link>({ max: answerIdsMax });
  const alike = createAlikeConversations();
  const named = ({ scope, taskId }: EpisodeOwner, episodeId: string): Episode | undefined =>
    episodes.get(scopedKey(scope, taskId, episodeId));
  const recallLink: EpisodeMemory['recallLink'] = (scope, ids) =>
    ids.map((id) => links.get(scopedKey(scope, id))).find((found) => found !== undefined);
  return {
    recall: (owner, key) => {
      if (key.kind === 'named') return asKnown(named(owner, key.name));
      const link = recallLink(owner.scope, key.answerIds);
      if (link === undefined)
        return asKnown(key.beginning === null ? undefined : alike.find(owner, key.beginning));
      if (link.taskId === owner.taskId) return asKnown(link.episode);
      const { episodeId } = link.episode;
      return { episodeId, episode: named(owner, episodeId) ?? null };
    },
    recallLink,
    remember: ({ scope, taskId }, episode) =>
      void episodes.set(scopedKey(scope, taskId, episode.episodeId), episode),
    link: ({ scope, taskId }, id, episode) => void links.set(scopedKey(scope, id), { taskId, episode }),
    begin: alike.add,
  };
}

function asKnown(episode: Episode | undefined): KnownEpisode | undefined {
  return episode && { episodeId: episode.episodeId, episode };
}
