import type { Config } from '../configuration/config.ts';
import type { Random } from '../domain/random.ts';
import { defaultTreatment } from '../domain/upstream.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { createHttpRelay } from '../upstream/http/http-relay.ts';
import type { Relay } from '../upstream/relay.ts';

/** The data plane's way upstream as the configuration says. */
export function openRelay({ upstream, upstreamKey }: Config, random: Random): Relay {
  return createHttpRelay(
    {
      upstreams: [
        {
          ...defaultTreatment,
          name: 'default',
          url: upstream,
          credential:
            upstreamKey === null ? { kind: 'client' } : { kind: 'key', key: upstreamKey, header: null },
        },
      ],
      fallback: ['default'],
      routes: [],
      tasks: {},
    },
    { random, clock: systemClock, telemetry: silentTelemetry },
  );
}
