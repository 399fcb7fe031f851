import { setTimeout as pause } from 'node:timers/promises';
import { gateViews } from '../../composition/gate-views.ts';
import type { Actor } from '../../console/actor.ts';
import type { ApiDeps } from '../../console/api/api-deps.ts';
import { createChangeFeed } from '../../console/api/change-feed.ts';
import type { ApiAnswer, Operation } from '../../console/api/operation.schema.ts';
import { silentLogger } from '../../domain/logger.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { systemClock } from '../../runtime/system-clock.ts';
import type { Control, Given } from './control.ts';

/** Attempts, and pauses between them: a server may be writing to the database. */
const attemptsMax = 20;
const pauseMs = 100;

/** Whose database it is, who asks, and what the configuration says of learning. */
export interface StoreAccess extends Pick<ApiDeps, 'store' | 'learning'> {
  readonly person: string;
}

/** Runs the API's operations in this process, over an open database, for a person at a shell. */
export function createStoreControl({ store, learning, person }: StoreAccess): Control {
  const stopping = new AbortController().signal;
  const actor: Actor = { id: person, role: 'operator', from: 'cli' };
  const deps: ApiDeps = {
    store,
    learning,
    clock: systemClock,
    logger: silentLogger,
    gate: gateViews,
    // Nothing is decided in this process.
    flushDecisions: async () => {},
    feed: createChangeFeed(store, stopping),
    stopping,
  };
  const run = async <Result>(operation: Operation<Result>, given: Given): Promise<ApiAnswer<Result>> => {
    const { params = {}, query = {}, body } = given;
    const request = { params, query, body, actor, ifMatch: null, lastEventId: null, signal: stopping };
    for (let attempt = 1; ; attempt++)
      try {
        return await operation.run(request, deps);
      } catch (error) {
        const isBusy = error instanceof RatchetError && error.code === 'store_unavailable';
        if (!isBusy || operation.spec.method === 'get' || attempt >= attemptsMax) throw error;
        await pause(pauseMs);
      }
  };
  return {
    kind: 'database',
    ask: async (operation, given = {}) => {
      const answer = await run(operation, given);
      if (answer.kind === 'value') return answer.value;
      throw new RatchetError('internal', `${operation.spec.id} answers with a stream`);
    },
    stream: async function* (operation, given = {}) {
      const answer = await run(operation, given);
      if (answer.kind === 'value') throw new RatchetError('internal', `${operation.spec.id} has no stream`);
      yield* answer.chunks;
    },
  };
}
