import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import type { ChatMessage } from '../domain/chat.ts';
import { scopedKey, type EpisodeOwner } from './episode.ts';

/** Different turns that must have followed the same beginning, before it is taken for the agent's own. */
const continuationsMin = 3;

/** Tasks whose fixed turns are remembered, and how many different ones of each. */
const tasksMax = 1_000;
const perTaskMax = 8;

/** Beginnings that are watched at a time. */
const sightingsMax = 20_000;

/** Answers in a conversation's beginning that are looked at; more examples than that are not recognised. */
const answersMax = 16;

/** Which leading turns of a request are the agent's own, part of its prompt rather than of the conversation. */
export interface FixedTurns {
  /** How many turns a conversation begins with that all conversations of the task begin with. Mostly 0. */
  readonly lengthOf: (owner: EpisodeOwner, turns: readonly ChatMessage[]) => number;
  /** Takes note of a later turn of a conversation that nobody has seen begin; `key` names its beginning. */
  readonly sight: (owner: EpisodeOwner, turns: readonly ChatMessage[], key: string) => void;
  /** Takes note that a model has given an answer: a conversation that begins with it is no example. */
  readonly answered: (owner: EpisodeOwner, key: string) => void;
}

interface Fixed {
  readonly length: number;
  readonly digest: string;
  /** Names the beginning up to its first answer. */
  readonly key: string;
}

/**
 * Learns fixed turns. An agent that begins every request with the same examples, or with the same greeting, makes each
 * of its conversations look as if it had begun before. But what was never answered here, and is followed now by this
 * and now by that, is no conversation: a beginning that ends with an assistant's turn, that no model was seen to give as
 * an answer, and that at least `continuationsMin` different turns have followed. The conversation starts behind the
 * longest such beginning.
 *
 * Turns that come later in one conversation repeat what followed its first answer, so that they count once. Should many
 * conversations that began before Ratchet did begin alike, they are taken for examples too: then they begin anew with
 * their next turn, each with a draw of its own, until a model gives that answer here.
 */
export function createFixedTurns(): FixedTurns {
  const fixed = new LRUCache<string, readonly Fixed[]>({ max: tasksMax });
  const sightings = new LRUCache<string, Set<string>>({ max: sightingsMax });

  return {
    lengthOf: (owner, turns) => {
      const known = fixed.get(ownerKey(owner));
      const match = known?.find(
        ({ length, digest }) => length < turns.length && digestOf(turns.slice(0, length)) === digest,
      );
      return match?.length ?? 0;
    },
    sight: (owner, turns, key) => {
      const task = ownerKey(owner);
      const known = fixed.get(task) ?? [];
      const found: Fixed[] = [];
      for (const { length, digest, next } of beginningsOf(turns)) {
        const place = scopedKey(task, digest);
        const seen = sightings.get(place) ?? new Set<string>();
        const isUnheardOf = seen.size < continuationsMin && !seen.has(next);
        if (isUnheardOf) seen.add(next);
        sightings.set(place, seen);
        if (seen.size === continuationsMin && known.every((other) => other.digest !== digest))
          found.push({ length, digest, key });
        // What begins with a turn that has never followed cannot have been seen either.
        if (isUnheardOf) break;
      }
      if (found.length === 0) return;
      // The longest first, so that the conversation starts behind all that is fixed.
      const all = [...found, ...known].toSorted((one, other) => other.length - one.length);
      fixed.set(task, all.slice(0, perTaskMax));
    },
    answered: (owner, key) => {
      const task = ownerKey(owner);
      const known = fixed.get(task);
      if (known?.some((each) => each.key === key) === true)
        fixed.set(
          task,
          known.filter((each) => each.key !== key),
        );
    },
  };
}

function ownerKey({ scope, taskId }: EpisodeOwner): string {
  return scopedKey(scope, taskId);
}

/** The beginnings of a conversation that end with an assistant's turn, each with a digest of what follows it. */
function* beginningsOf(
  turns: readonly ChatMessage[],
): Generator<{ readonly length: number; readonly digest: string; readonly next: string }> {
  const sum = createHash('sha256');
  let answers = 0;
  for (const [index, turn] of turns.entries()) {
    sum.update(`${JSON.stringify(turn)}\n`);
    const next = turns[index + 1];
    if (turn.role !== 'assistant' || next === undefined) continue;
    answers += 1;
    if (answers > answersMax) return;
    yield { length: index + 1, digest: sum.copy().digest('base64url'), next: digestOf([next]) };
  }
}

function digestOf(turns: readonly ChatMessage[]): string {
  const sum = createHash('sha256');
  for (const turn of turns) sum.update(`${JSON.stringify(turn)}\n`);
  return sum.digest('base64url');
}
