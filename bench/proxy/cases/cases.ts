import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import type { ContenderName } from '../contenders/contender.ts';
import { seedChats } from '../contenders/seed-chats.ts';
import { embeddings, largeChat, largeOpening, smallChat, streamedChat } from '../load/requests.ts';
import type { CaseName } from './case-names.ts';
import { runBusy } from './busy.ts';
import { runChunks } from './chunks.ts';
import { runGrowth } from './growth.ts';
import { runMemory } from './memory.ts';
import { runPaced } from './paced.ts';
import { runSaturation, type SaturationCase } from './saturation.ts';

/** Who is compared at JSON. */
const everyone: readonly ContenderName[] = [
  'bare',
  'ratchet',
  'ratchet-full',
  'ratchet-traced',
  'peer',
  'nginx',
];

/** Who is compared where recording and traces change little. */
const foremost: readonly ContenderName[] = ['bare', 'ratchet', 'peer', 'nginx'];

/** Runs a case; what it finds is in the results of the bench. */
export async function runCase(bench: Bench, name: CaseName): Promise<void> {
  switch (name) {
    case 'small':
      return runSaturation(bench, await json(bench, name, { request: smallChat, contenders: everyone }));
    case 'large':
      return runSaturation(
        bench,
        await json(bench, name, { request: largeChat, opening: largeOpening, contenders: everyone }),
      );
    case 'pass-through':
      return runSaturation(bench, await json(bench, name, { request: embeddings, contenders: foremost }));
    case 'streamed':
      return runSaturation(bench, {
        name,
        request: streamedChat(20, 5),
        connections: 256,
        contenders: withOther(bench, foremost),
        isRouted: true,
        ...(await streamed(bench)),
      });
    case 'chunks':
      return runChunks(bench, { contenders: withOther(bench, foremost), ...(await streamed(bench)) });
    case 'first-byte':
      return runPaced(bench, {
        name,
        request: streamedChat(20, 5),
        rate: 50,
        contenders: ['direct', ...foremost],
        ...(await streamed(bench)),
      });
    case 'latency':
      return runPaced(bench, {
        name,
        request: smallChat,
        rate: 1_000,
        contenders: ['direct', 'bare', 'ratchet', 'ratchet-full', 'peer', 'nginx'],
        seed: await seedOf(bench),
        upstreamPort: bench.jsonUpstream.port,
      });
    case 'memory':
      return runMemory(bench, { contenders: ['bare', 'ratchet', 'peer'], seed: await seedOf(bench) });
    case 'busy':
      return runBusy(bench);
    case 'growth':
      return runGrowth(bench);
  }
}

async function streamed(bench: Bench): Promise<Pick<SaturationCase, 'seed' | 'upstreamPort'>> {
  return { seed: await seedOf(bench), upstreamPort: bench.streamUpstream.port };
}

type Subject = Pick<SaturationCase, 'request' | 'opening' | 'contenders'>;

async function json(bench: Bench, name: CaseName, subject: Subject): Promise<SaturationCase> {
  const upstream = name === 'large' ? bench.readingUpstream : bench.jsonUpstream;
  return {
    ...subject,
    name,
    contenders: withOther(bench, subject.contenders),
    seed: await seedOf(bench),
    upstreamPort: upstream.port,
    isRouted: name !== 'pass-through',
  };
}

/** With the other checkout, where there is one to compare with. */
function withOther(bench: Bench, contenders: readonly ContenderName[]): readonly ContenderName[] {
  return bench.options.against === undefined ? contenders : [...contenders, 'ratchet-other'];
}

const seeds = new WeakMap<Bench, Promise<string>>();

/** One database for all cases whose requests are of a few tasks, made when it is needed first. */
async function seedOf(bench: Bench): Promise<string> {
  const known = seeds.get(bench);
  if (known !== undefined) return known;
  bench.tell('making a database with one edited variant for each task');
  const requests = [smallChat, largeOpening, streamedChat(1, 0)];
  const made = seedChats(join(bench.folder, 'chats'), requests, 1, {
    upstreamPort: bench.jsonUpstream.port,
    tools: bench.tools,
  });
  seeds.set(bench, made);
  return made;
}
