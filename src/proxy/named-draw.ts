import { createHmac, createSecretKey } from 'node:crypto';
import type { Random } from '../domain/random.ts';
import type { EpisodeOwner } from './episode.ts';

/**
 * The draw of a named episode, from the HMAC of its name: uniform to anyone without the secret, and the same on every
 * replica and after every restart, so that an episode keeps its variant even where its first turn is not remembered, as
 * long as the probabilities are the same.
 */
export function namedDraw(secret: string): (owner: EpisodeOwner, name: string) => Random {
  const key = createSecretKey(Buffer.from(`draw\n${secret}`));
  return ({ scope, taskId }, name) => ({
    next: () => {
      const mac = createHmac('sha256', key).update(`${scope}\n${taskId}\n${name}`).digest();
      return mac.readUIntBE(0, 6) / 2 ** 48;
    },
  });
}
