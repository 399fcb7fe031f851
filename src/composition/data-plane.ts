import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { RatchetError } from '../domain/ratchet-error.ts';
import { createProxy } from '../proxy/app.ts';
import { sendError } from '../proxy/openai-error.ts';
import type { ProxyDeps } from '../proxy/proxy-deps.ts';
import { createUpgrades } from '../proxy/serve-upgrade.ts';
import type { UpgradeHandler } from './http-server.ts';

/** The proxy, which can serve before the secret that signs decision ids is known. */
export interface DataPlane {
  readonly fetch: (request: Request, bindings: HttpBindings) => Response | Promise<Response>;
  /** Passes on what is no HTTP any more; see `createUpgrades`. */
  readonly upgrade: UpgradeHandler;
  /** Routes from now on. Another secret than before starts anew: what was in memory under the old one is forgotten. */
  readonly useSecret: (secret: string) => void;
}

/** What a caller shall wait before sending feedback again, seconds. */
const retryAfterSeconds = '1';

/**
 * A proxy that is transparent until it is given the secret: the secret may lie in a database that cannot be opened yet,
 * and an id signed with another one would be worthless later. Until then every completion passes through as it came,
 * and feedback is asked to come again.
 */
export function createDataPlane(deps: Omit<ProxyDeps, 'secret'>): DataPlane {
  const ownSecret = randomBytes(32).toString('base64url');
  const transparent = createProxy({ ...deps, secret: ownSecret });
  let routing: ReturnType<typeof createProxy> | undefined;
  let used: string | undefined;
  return {
    upgrade: createUpgrades({ ...deps, secret: ownSecret }),
    fetch: (request, bindings) => {
      if (routing !== undefined) return routing.fetch(request, bindings);
      const { incoming, outgoing } = bindings;
      if (/^(\/v1)?\/feedback($|\?)/.test(incoming.url ?? '')) {
        const error = new RatchetError('store_unavailable', 'the database is not open yet; send it again');
        sendError(outgoing, error, ['retry-after', retryAfterSeconds]);
        return RESPONSE_ALREADY_SENT;
      }
      incoming.headers['x-ratchet-bypass'] = '1';
      return transparent.fetch(request, bindings);
    },
    useSecret: (secret) => {
      if (secret === used) return;
      used = secret;
      routing = createProxy({ ...deps, secret });
    },
  };
}
