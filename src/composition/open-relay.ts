import type { Config } from '../configuration/config.ts';
import { upstreamsInUse } from '../configuration/relay-config.ts';
import { withModelAliases } from '../proxy/model-aliases.ts';
import { createHttpRelay, type HttpRelayDeps } from '../upstream/http/http-relay.ts';
import type { Relay } from '../upstream/relay.ts';

/** The data plane's way upstream as the configuration says, with the tasks that have a model among the models. */
export function openRelay({ relay, tasks }: Pick<Config, 'relay' | 'tasks'>, deps: HttpRelayDeps): Relay {
  const aliased = Object.entries(tasks).filter(([, { model }]) => model !== null);
  return withModelAliases(
    createHttpRelay({ ...relay, upstreams: upstreamsInUse(relay) }, deps),
    aliased.map(([name]) => name),
  );
}
