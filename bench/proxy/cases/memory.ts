import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { Contender, ContenderName } from '../contenders/contender.ts';
import { startContenders, stopContenders } from '../contenders/start-contenders.ts';
import { smallChat, streamedChat } from '../load/requests.ts';
import { measureSaturation } from '../measures/measure-saturation.ts';
import { readResidentBytes } from '../measures/process-usage.ts';
import { assertAnswered } from './saturation.ts';

/** Which contenders, and the database that Ratchet starts from. */
export interface MemoryCase {
  readonly contenders: readonly ContenderName[];
  readonly seed: string;
}

/** Streams that are open at first, and as many again: the difference is what streams cost, whatever was free before. */
const streams = 1_000;

/** How long a process is left alone before its memory is read, milliseconds. */
const restMs = 3_000;

/** Streams that pass before the others are opened, so that the code for them is there. */
const warmUpStreams = 2_000;

const megabyte = 2 ** 20;

/** Measures resident memory: at rest, per open stream, and over many requests. */
export async function runMemory(bench: Bench, settings: MemoryCase): Promise<void> {
  for (let round = 0; round < Math.min(3, bench.options.rounds); round += 1)
    for (const name of settings.contenders) await measureStreams(bench, name, settings.seed);
  await measureFlatness(bench, settings.seed);
}

async function measureStreams(bench: Bench, name: ContenderName, seed: string): Promise<void> {
  const { generator, results, streamUpstream } = bench;
  const [contender] = await startContenders(bench, [name], { upstreamPort: streamUpstream.port, seed });
  if (contender?.pid === undefined) return;
  const { pid } = contender;
  const add = (measure: string, value: number): void =>
    results.add({ case: 'memory', contender: name, measure }, value);
  try {
    await delay(restMs);
    const rest = readResidentBytes(pid);
    add('restMb', rest / megabyte);
    await generator.repeat(contender, streamedChat(5, 1), { connections: 64, requests: warmUpStreams });
    await delay(restMs);
    add('usedMb', readResidentBytes(pid) / megabyte);
    const some = await residentWith(bench, contender, streams);
    const twice = await residentWith(bench, contender, streams);
    const perStream = (twice - some) / streams / 1024;
    add('streamingMb', some / megabyte);
    add('perStreamKb', perStream);
    bench.tell(
      `memory ${name.padEnd(16)} ${(rest / megabyte).toFixed(0)} MB at rest, ${perStream.toFixed(1)} KB per open stream`,
    );
    await generator.release();
  } finally {
    await contender.stop();
  }
}

/** Resident memory after so many more streams have been opened. */
async function residentWith({ generator }: Bench, contender: Contender, more: number): Promise<number> {
  const failed = await generator.hold(contender, streamedChat(600, 1_000), more);
  if (failed > 0) throw new Error(`${contender.name}: ${failed} of ${more} streams could not be opened`);
  await delay(restMs);
  return readResidentBytes(contender.pid ?? 0);
}

/** Whether memory grows with the number of requests: with recording as it is by default. */
async function measureFlatness(bench: Bench, seed: string): Promise<void> {
  const contenders = await startContenders(bench, ['ratchet-full'], {
    upstreamPort: bench.jsonUpstream.port,
    seed,
  });
  const [ratchet] = contenders;
  if (ratchet === undefined) return;
  try {
    let served = 0;
    while (served < bench.options.requests) {
      served += await serveSome(bench, ratchet);
      const resident = readResidentBytes(ratchet.pid ?? 0) / megabyte;
      const add = (measure: string, value: number): void =>
        bench.results.add({ case: 'memory', contender: ratchet.name, measure }, value);
      add('servedRequests', served);
      add('servedMb', resident);
      bench.tell(`memory after ${String(served).padStart(8)} requests: ${resident.toFixed(0)} MB`);
    }
  } finally {
    await stopContenders(contenders);
  }
}

async function serveSome({ generator, options }: Bench, ratchet: Contender): Promise<number> {
  const load = { connections: 64, seconds: options.isQuick ? 2 : 5 };
  const measured = await measureSaturation(ratchet, () => generator.saturate(ratchet, smallChat, load));
  assertAnswered(ratchet, measured);
  return measured.requests;
}
