import type { Bench } from '../bench.ts';
import { startBare } from './bare.ts';
import type { Contender, ContenderName } from './contender.ts';
import { startNginxProxy } from './nginx-proxy.ts';
import { startPeer } from './peer.ts';
import { startRatchet } from './ratchet.ts';

/** Share of requests that are traced where not all are. */
const sampledShare = 0.01;

/** Starts contenders before an upstream; those whose program is missing are left out. `seed`: Ratchet's database. */
export async function startContenders(
  bench: Bench,
  names: readonly ContenderName[],
  { upstreamPort, seed }: { readonly upstreamPort: number; readonly seed: string },
): Promise<readonly Contender[]> {
  const started: Contender[] = [];
  for (const name of names.filter((wanted) => isWanted(bench, wanted))) {
    const contender = await start(bench, name, upstreamPort, seed);
    if (contender === undefined) bench.tell(`${name} is skipped: its program is not on the path`);
    else started.push(contender);
  }
  return started;
}

/** The other checkout is wanted where it is named at all. */
function isWanted({ options }: Bench, name: ContenderName): boolean {
  return name === 'ratchet-other' || options.contenders.includes(name);
}

/** Stops them all. */
export async function stopContenders(contenders: readonly Contender[]): Promise<void> {
  await Promise.all(contenders.map((contender) => contender.stop()));
}

async function start(
  { tools, sink, options }: Bench,
  name: ContenderName,
  upstreamPort: number,
  seed: string,
): Promise<Contender | undefined> {
  const { profile, against } = options;
  const sampled = { url: sink.url, share: sampledShare };
  switch (name) {
    case 'direct':
      return {
        name,
        port: upstreamPort,
        root: '/v1',
        addedHeaders: {},
        pid: undefined,
        stop: async () => {},
      };
    case 'bare':
      return startBare(upstreamPort, tools);
    case 'nginx':
      return startNginxProxy(upstreamPort, tools);
    case 'peer':
      return startPeer(upstreamPort, tools);
    case 'ratchet':
      return startRatchet({ name, seed, record: 'metadata', traces: sampled, profile }, upstreamPort, tools);
    case 'ratchet-other':
      return startRatchet(
        { name, seed, record: 'metadata', traces: sampled, profile, checkout: against },
        upstreamPort,
        tools,
      );
    case 'ratchet-full':
      return startRatchet({ name, seed, record: 'full', traces: sampled, profile }, upstreamPort, tools);
    case 'ratchet-traced':
      return startRatchet(
        { name, seed, record: 'metadata', traces: { url: sink.url, share: 1 }, profile },
        upstreamPort,
        tools,
      );
  }
}
