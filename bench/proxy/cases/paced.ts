import { assertRelays, assertRewritten } from '../contenders/assert-rewritten.ts';
import type { Bench } from '../bench.ts';
import type { ContenderName } from '../contenders/contender.ts';
import { startContenders, stopContenders } from '../contenders/start-contenders.ts';
import type { RequestTemplate } from '../load/requests.ts';
import { settle } from '../measures/measure-saturation.ts';
import { takeTurns } from './rounds.ts';
import { assertAnswered } from './saturation.ts';

/** Requests at a fixed rate, of which latency is measured. */
export interface PacedCase {
  readonly name: string;
  readonly request: RequestTemplate;
  /** Requests per second. */
  readonly rate: number;
  readonly contenders: readonly ContenderName[];
  readonly upstreamPort: number;
  readonly seed: string;
}

/** Measures how long requests take, and how long until the first byte of their body, at a fixed rate. */
export async function runPaced(bench: Bench, settings: PacedCase): Promise<void> {
  const { name, request, rate } = settings;
  const contenders = await startContenders(bench, settings.contenders, settings);
  const load = { rate, seconds: bench.options.seconds };
  try {
    for (const contender of contenders) {
      await assertRelays(contender, settings.upstreamPort, request);
      if (contender.name.startsWith('ratchet')) await assertRewritten(contender, request);
      await bench.generator.saturate(contender, request, { connections: 16, seconds: load.seconds });
      if (contender.pid !== undefined) await settle(contender.pid);
    }
    await takeTurns(bench, name, contenders, async (contender) => {
      const found = await bench.generator.pace(contender, request, load);
      assertAnswered(contender, { requests: found.requests, errors: found.errors + found.unanswered });
      if (contender.pid !== undefined) await settle(contender.pid);
      const add = (measure: string, value: number): void =>
        bench.results.add({ case: name, contender: contender.name, measure }, value);
      add('p50Ms', found.latencyMs.p50);
      add('p99Ms', found.latencyMs.p99);
      add('firstByteP50Ms', found.firstByteMs.p50);
      add('firstByteP99Ms', found.firstByteMs.p99);
      add('lagP99Ms', found.lagMs.p99);
      add('unanswered', found.unanswered + found.errors);
      const { latencyMs, firstByteMs } = found;
      return `p50 ${latencyMs.p50.toFixed(2)} ms, p99 ${latencyMs.p99.toFixed(2)} ms; first byte p50 ${firstByteMs.p50.toFixed(2)} ms`;
    });
  } finally {
    await stopContenders(contenders);
  }
}
