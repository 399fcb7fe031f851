import { Worker } from 'node:worker_threads';
import { quantile } from '../../statistics.ts';
import { openConnection, type Connection, type Exchange } from './connection.ts';
import type { Pace } from './pacer.worker.ts';
import type { Filler } from './template.ts';

/** Requests at a fixed rate, whatever becomes of them. */
export interface OpenLoop {
  readonly port: number;
  readonly fill: Filler;
  /** Number of the first request. */
  readonly start: number;
  /** Requests per second. */
  readonly rate: number;
  readonly seconds: number;
}

/** Quantiles, milliseconds. */
export interface Quantiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What an open loop saw. */
export interface OpenLoopResult {
  readonly requests: number;
  /** Responses other than 2xx, and connections that broke. */
  readonly errors: number;
  /** Requests without a response when the patience ended; they count with the time they had waited. */
  readonly unanswered: number;
  /** From the moment a request was due to its last byte. */
  readonly latencyMs: Quantiles;
  /** From the moment a request was due to the first byte of the response's body. */
  readonly firstByteMs: Quantiles;
  /** How late the generator itself sent. */
  readonly lagMs: Quantiles;
}

/** Connections at a time; beyond, requests wait, and their wait counts. */
const connectionsMax = 2_000;

/** How long responses may come after the last request, milliseconds. */
const patienceMs = 3_000;

/** When the first request is due, so that the pacer has started by then, milliseconds. */
const leadMs = 150;

/**
 * Sends requests at a fixed rate. Latency counts from the moment a request was *due*, so that a server which falls behind
 * cannot hide it by slowing the generator down. Every latency is kept; quantiles are exact.
 */
export async function runOpenLoop({ port, fill, start, rate, seconds }: OpenLoop): Promise<OpenLoopResult> {
  const count = Math.round(rate * seconds);
  const intervalMs = 1000 / rate;
  const startAt = performance.now() + leadMs;
  const dueAt = (index: number): number => startAt + index * intervalMs;
  const latencies = new Float64Array(count).fill(Number.NaN);
  const firstBytes = new Float64Array(count).fill(Number.NaN);
  const lags = new Float64Array(count);
  const free: Connection[] = [];
  const waiting: number[] = [];
  const all = new Set<Connection>();
  let errors = 0;
  let left = count;
  const finished = Promise.withResolvers<void>();

  const send = (index: number, connection: Connection): void => {
    connection.send(fill(start + index), ({ status, firstByteAt, endedAt }: Exchange) => {
      latencies[index] = endedAt - dueAt(index);
      firstBytes[index] = firstByteAt - dueAt(index);
      if (status < 200 || status > 299) errors += 1;
      left -= 1;
      if (left === 0) finished.resolve();
      const next = waiting.shift();
      if (!connection.isOpen()) all.delete(connection);
      else if (next === undefined) free.push(connection);
      else send(next, connection);
    });
  };
  const launch = (index: number): void => {
    lags[index] = performance.now() - dueAt(index);
    let connection = free.pop();
    while (connection !== undefined && !connection.isOpen()) connection = free.pop();
    if (connection === undefined && all.size >= connectionsMax) {
      waiting.push(index);
      return;
    }
    connection ??= openConnection(port);
    all.add(connection);
    send(index, connection);
  };

  const pace: Pace = { startAtMs: performance.timeOrigin + startAt, intervalMs, count };
  const pacer = new Worker(new URL('./pacer.worker.ts', import.meta.url), { workerData: pace });
  pacer.on('message', launch);
  pacer.once('error', finished.reject);
  const patience = setTimeout(finished.resolve, leadMs + seconds * 1000 + patienceMs);
  await finished.promise;
  clearTimeout(patience);
  const unanswered = left;
  const now = performance.now();
  for (const [index, latency] of latencies.entries())
    if (Number.isNaN(latency)) latencies[index] = now - dueAt(index);
  const result = {
    requests: count,
    errors,
    unanswered,
    latencyMs: quantilesOf(latencies),
    firstByteMs: quantilesOf(firstBytes.filter((value) => !Number.isNaN(value))),
    lagMs: quantilesOf(lags),
  };
  for (const connection of all) connection.close();
  await pacer.terminate();
  return result;
}

function quantilesOf(values: Float64Array): Quantiles {
  const sorted = values.toSorted();
  return {
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
    max: quantile(sorted, 1),
  };
}
