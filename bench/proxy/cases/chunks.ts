import type { Bench } from '../bench.ts';
import { assertRelays, assertRewritten } from '../contenders/assert-rewritten.ts';
import type { ContenderName } from '../contenders/contender.ts';
import { startContenders, stopContenders } from '../contenders/start-contenders.ts';
import { streamedChat } from '../load/requests.ts';
import { settle } from '../measures/measure-saturation.ts';
import { readUsage } from '../measures/process-usage.ts';
import { takeTurns } from './rounds.ts';
import { assertAnswered } from './saturation.ts';

/** Streams at a time, their chunks and the pause between two: 4,000 chunks per second, each in a packet of its own. */
const streams = 40;
const chunks = 200;
const pauseMs = 10;

/** Measures CPU per chunk of streams that come at the pace of a model. */
export async function runChunks(
  bench: Bench,
  settings: {
    readonly contenders: readonly ContenderName[];
    readonly upstreamPort: number;
    readonly seed: string;
  },
): Promise<void> {
  const request = streamedChat(chunks, pauseMs);
  const contenders = await startContenders(bench, settings.contenders, settings);
  // Each stream lasts two seconds.
  const load = {
    connections: streams,
    requests: streams * Math.max(1, Math.round(bench.options.seconds / 2)),
  };
  try {
    for (const contender of contenders) {
      await assertRelays(contender, settings.upstreamPort, request);
      if (contender.name.startsWith('ratchet')) await assertRewritten(contender, streamedChat(2, 0));
      assertAnswered(contender, await bench.generator.repeat(contender, request, load));
    }
    await takeTurns(bench, 'chunks', contenders, async (contender) => {
      const { pid = 0 } = contender;
      await settle(pid);
      const before = readUsage(pid);
      const done = await bench.generator.repeat(contender, request, load);
      await settle(pid);
      const after = readUsage(pid);
      assertAnswered(contender, done);
      const micros = (after.cpuMicros - before.cpuMicros) / (done.requests * chunks);
      bench.results.add({ case: 'chunks', contender: contender.name, measure: 'chunkMicros' }, micros);
      return `${micros.toFixed(1)} µs/chunk`;
    });
  } finally {
    await stopContenders(contenders);
  }
}
