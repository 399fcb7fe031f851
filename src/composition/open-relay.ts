import type { Config } from '../configuration/config.ts';
import type { Random } from '../domain/random.ts';
import type { Relay } from '../upstream/relay.ts';
import { createUndiciRelay } from '../upstream/http/undici-relay.ts';

/** The data plane's way upstream as the configuration says. */
export function openRelay({ upstream, upstreamKey }: Config, random: Random): Relay {
  return createUndiciRelay({ name: 'default', baseUrl: upstream, key: upstreamKey, random });
}
