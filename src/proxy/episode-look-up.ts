import type { DecisionStore, EpisodeRecord } from '../store/decision-store.ts';
import { within } from './deadline.ts';
import type { Episode, EpisodeOwner } from './episode.ts';
import type { EpisodeMemory, KnownEpisode, LaterKey, Link } from './episode-memory.ts';

/** What looking up an unknown episode may cost a request, milliseconds. */
export const lookUpMsMax = 25;

/** Finds in the store what is not in memory, and puts it there. Never rejects. */
export interface EpisodeLookUp {
  /** `unknown`: there is none; `late`: no answer in time. */
  readonly find: (owner: EpisodeOwner, key: LaterKey) => Promise<KnownEpisode | 'unknown' | 'late'>;
  /** What any of upstream's ids belongs to; `undefined` where there is none, or no answer in time. */
  readonly findLink: (scope: string, ids: readonly string[]) => Promise<Link | undefined>;
  /** An answer has ended and is still being read: what it tells may be what is looked for. */
  readonly waitFor: (reading: Promise<unknown>) => void;
}

/** Looks up for a memory. What was being read while the store was asked is in memory by then. */
export function createEpisodeLookUp(
  memory: EpisodeMemory,
  store: Pick<DecisionStore, 'findEpisode'>,
): EpisodeLookUp {
  const readings = new Set<Promise<unknown>>();
  return {
    find: async (owner, key) => {
      const done = await inTime([readEpisode(memory, store, { owner, key }), ...readings]);
      return memory.recall(owner, key) ?? (done === 'late' ? 'late' : 'unknown');
    },
    findLink: async (scope, ids) => {
      await inTime([readLink(memory, store, { scope, ids }), ...readings]);
      return memory.recallLink(scope, ids);
    },
    waitFor: (reading) => {
      const over = reading.catch(() => {});
      readings.add(over);
      void over.then(() => readings.delete(over));
    },
  };
}

interface WantedEpisode {
  readonly owner: EpisodeOwner;
  readonly key: LaterKey;
}

async function readEpisode(
  memory: EpisodeMemory,
  store: Pick<DecisionStore, 'findEpisode'>,
  { owner, key }: WantedEpisode,
): Promise<void> {
  const { scope, taskId } = owner;
  const read = async (name: string): Promise<Episode | undefined> => {
    const found = await store.findEpisode(scope, name, taskId);
    return found?.taskId === taskId ? drawn(found) : undefined;
  };
  if (key.kind === 'named') {
    const episode = await read(key.name);
    if (episode !== undefined) memory.remember(owner, episode);
    return;
  }
  const link = await readLink(memory, store, { scope, ids: key.answerIds });
  if (link !== undefined) {
    const own = link.taskId === taskId ? undefined : await read(link.episode.episodeId);
    if (own !== undefined) memory.remember(owner, own);
  } else if (key.beginning !== null) {
    const episode = await read(key.beginning.key);
    if (episode !== undefined)
      memory.begin(owner, key.beginning.key, { episode, callIds: key.beginning.callIds });
  }
}

async function readLink(
  memory: EpisodeMemory,
  store: Pick<DecisionStore, 'findEpisode'>,
  { scope, ids }: { readonly scope: string; readonly ids: readonly string[] },
): Promise<Link | undefined> {
  for (const id of ids) {
    const found = await store.findEpisode(scope, id);
    if (found === undefined) continue;
    const link: Link = { taskId: found.taskId, episode: drawn(found) };
    memory.link({ scope, taskId: link.taskId }, id, link.episode);
    return link;
  }
  return undefined;
}

async function inTime(readings: readonly Promise<unknown>[]): Promise<'done' | 'late'> {
  try {
    return (await within(Promise.all(readings), lookUpMsMax)) === 'late' ? 'late' : 'done';
  } catch {
    return 'late';
  }
}

function drawn({ episodeId, variantId, propensity, planVersion }: EpisodeRecord): Episode {
  return { episodeId, variantId, propensity, planVersion, attribution: 'drawn' };
}
