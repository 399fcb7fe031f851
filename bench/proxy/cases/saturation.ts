import type { Bench } from '../bench.ts';
import { assertRelays, assertRewritten } from '../contenders/assert-rewritten.ts';
import type { Contender, ContenderName } from '../contenders/contender.ts';
import { startContenders, stopContenders } from '../contenders/start-contenders.ts';
import type { RequestTemplate } from '../load/requests.ts';
import { measureSaturation, settle } from '../measures/measure-saturation.ts';
import { readDropped } from '../measures/read-dropped.ts';
import { takeTurns } from './rounds.ts';

/** A request that contenders get as fast as they take it. */
export interface SaturationCase {
  readonly name: string;
  readonly request: RequestTemplate;
  readonly contenders: readonly ContenderName[];
  readonly upstreamPort: number;
  readonly seed: string;
  /** Sent before, 512 of them, so that requests are turns of conversations that are known. */
  readonly opening?: RequestTemplate;
  /** Clients that send at a time; 64 unless told. */
  readonly connections?: number;
  /** Whether variants rewrite it. */
  readonly isRouted: boolean;
}

const connectionsDefault = 64;

/** Measures throughput and CPU per request of contenders under saturation. */
export async function runSaturation(bench: Bench, settings: SaturationCase): Promise<void> {
  const { name, request, isRouted, connections = connectionsDefault } = settings;
  const contenders = await startContenders(bench, settings.contenders, settings);
  try {
    for (const contender of contenders) {
      await assertRelays(contender, settings.upstreamPort, request);
      await openConversations(bench, contender, settings.opening);
      if (isRouted && contender.name.startsWith('ratchet')) await assertRewritten(contender, request);
      await warmUp(bench, contender, request, connections);
    }
    await takeTurns(bench, name, contenders, async (contender) => {
      const load = { connections, seconds: bench.options.seconds };
      const measured = await measureSaturation(contender, () =>
        bench.generator.saturate(contender, request, load),
      );
      assertAnswered(contender, measured);
      const add = (measure: string, value: number): void =>
        bench.results.add({ case: name, contender: contender.name, measure }, value);
      add('cpuMicros', measured.cpuMicros);
      add('mainMicros', measured.mainMicros);
      add('perSecond', measured.perSecond);
      add('errors', measured.errors);
      const { cpuMicros, mainMicros, perSecond } = measured;
      return `${cpuMicros.toFixed(1)} µs/request (${mainMicros.toFixed(1)} on the main thread), ${perSecond.toFixed(0)}/s`;
    });
    for (const contender of contenders)
      if (contender.name.startsWith('ratchet'))
        bench.results.add(
          { case: name, contender: contender.name, measure: 'droppedShare' },
          await readDropped(contender),
        );
  } finally {
    await stopContenders(contenders);
  }
}

/** Requests after which the code for them is compiled, and how long that may take, in loads. */
const warmUpRequests = 15_000;
const warmUpLoadsMax = 5;

/** Has a contender's code compiled before it is measured. */
async function warmUp(
  { generator, options }: Bench,
  contender: Contender,
  request: RequestTemplate,
  connections: number = connectionsDefault,
): Promise<void> {
  const load = { connections, seconds: options.isQuick ? 1 : 2 };
  let sent = 0;
  for (let loads = 0; loads < warmUpLoadsMax && sent < warmUpRequests; loads += 1)
    sent += (await generator.saturate(contender, request, load)).requests;
  if (contender.pid !== undefined) await settle(contender.pid);
}

/** Has a contender answer the first turns of conversations. */
export async function openConversations(
  { generator }: Bench,
  contender: Contender,
  opening: RequestTemplate | undefined,
): Promise<void> {
  if (opening === undefined) return;
  const load = { connections: 8, requests: 512 };
  assertAnswered(contender, await generator.repeat(contender, opening, load));
}

/** The peer may fail under load, and that is a figure too; for all others it means that the bench is broken. */
export function assertAnswered(
  { name }: Contender,
  { requests, errors }: { readonly requests: number; readonly errors: number },
): void {
  if (errors > 0 && name !== 'peer') throw new Error(`${name}: ${errors} of ${requests} requests failed`);
}
