import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Actor } from '../actor.ts';
import type { ApiDeps } from '../api/api-deps.ts';
import type { Ask } from './console-page.ts';

/** Asks operations of the API in this process, for somebody: nothing is seen by a page that the API would not tell. */
export function askOf(deps: ApiDeps, actor: Actor, signal: AbortSignal): Ask {
  return async (operation, { params = {}, query = {} } = {}) => {
    const answer = await operation.run(
      { params, query, body: undefined, actor, ifMatch: null, lastEventId: null, signal },
      deps,
    );
    if (answer.kind === 'stream')
      throw new RatchetError('internal', `${operation.spec.id} answers with a stream`);
    return answer.value;
  };
}
