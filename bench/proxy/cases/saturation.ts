import type { Bench } from '../bench.ts';
import { assertRelays, assertRewritten } from '../contenders/assert-rewritten.ts';
import type { Contender, ContenderName } from '../contenders/contender.ts';
import { startContenders, stopContenders } from '../contenders/start-contenders.ts';
import type { RequestTemplate } from '../load/requests.ts';
import { measureSaturation } from '../measures/measure-saturation.ts';
import { readDropped } from '../measures/read-dropped.ts';
import { takeTurns } from './rounds.ts';

/** A request that contenders get as fast as they take it. */
export interface SaturationCase {
  readonly name: string;
  readonly request: RequestTemplate;
  readonly contenders: readonly ContenderName[];
  readonly upstreamPort: number;
  readonly seed: string;
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
      if (isRouted && contender.name.startsWith('ratchet')) await assertRewritten(contender, request);
      await warmUp(bench, contender, request, connections);
    }
    await takeTurns(bench, name, contenders, async (contender) => {
      const { seconds } = bench.options;
      const measured = await measureSaturation(bench.generator, contender, request, { connections, seconds });
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

/** Has a contender's code compiled before it is measured. */
export async function warmUp(
  bench: Bench,
  contender: Contender,
  request: RequestTemplate,
  connections: number = connectionsDefault,
): Promise<void> {
  const seconds = bench.options.isQuick ? 1 : 3;
  await measureSaturation(bench.generator, contender, request, { connections, seconds });
}

/** The peer may fail under load, and that is a figure too; for all others it means that the bench is broken. */
export function assertAnswered(
  { name }: Contender,
  { requests, errors }: { readonly requests: number; readonly errors: number },
): void {
  if (requests === 0) throw new Error(`${name} answered nothing`);
  if (errors > 0 && name !== 'peer') throw new Error(`${name}: ${errors} of ${requests} requests failed`);
}
