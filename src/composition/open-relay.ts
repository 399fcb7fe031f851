import type { Config } from '../configuration/config.ts';
import { upstreamsInUse } from '../configuration/relay-config.ts';
import { createHttpRelay, type HttpRelayDeps } from '../upstream/http/http-relay.ts';
import type { Relay } from '../upstream/relay.ts';

/** The data plane's way upstream as the configuration says. */
export function openRelay({ relay }: Pick<Config, 'relay'>, deps: HttpRelayDeps): Relay {
  return createHttpRelay({ ...relay, upstreams: upstreamsInUse(relay) }, deps);
}
