import type { RelayConfig, UpstreamConfig } from '../../domain/upstream.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Random } from '../../domain/random.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { Relay } from '../relay.ts';
import { createChoice } from './choose-upstreams.ts';
import { createLimitWatch, type MetLimit } from './limit-watch.ts';
import { RelayCall, type CallDeps } from './relay-call.ts';
import { openTunnel } from './tunnel.ts';
import { createUpstream, type Upstream } from './upstream.ts';

/** What the relay works with. */
export interface HttpRelayDeps {
  readonly random: Random;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Told, a few times a second, how near an upstream is to its rate limit; absent: nobody looks. */
  readonly onLimit?: (met: MetLimit) => void;
  /** Milliseconds that only ever grow. Default `performance.now`. */
  readonly stopwatch?: () => number;
}

/** Connections of one upstream at a time; further requests wait for one. */
const connectionsMax = 10_000;

/** How long `close` waits for requests under way, milliseconds. */
const closeMsMax = 2_000;

/**
 * A relay over keep-alive connections of HTTP/1.1 to one or several upstreams. By default only a refused connection is
 * tried again: then nothing was sent, so nothing can be billed or done twice. Throws a TypeError where a base URL is
 * none, a RangeError where a list is empty or names an upstream that does not exist.
 */
export function createHttpRelay(config: RelayConfig, deps: HttpRelayDeps): Relay {
  const { random, clock, telemetry, stopwatch = () => performance.now() } = deps;
  const isOneOfSeveral = isInLongList(config);
  const upstreams = config.upstreams.map((one) =>
    createUpstream(one, { telemetry, stopwatch, connectionsMax }, isOneOfSeveral(one)),
  );
  const choose = createChoice(config, new Map(upstreams.map((one) => [one.config.name, one])));
  const { onLimit } = deps;
  const limits = onLimit === undefined ? null : createLimitWatch({ onLimit, clock, stopwatch });
  const call: CallDeps = { random, clock, stopwatch, limits, isUpstreamNamed: upstreams.length > 1 };
  return {
    send: (request, handler) => {
      const sent = new RelayCall(call, withDownLast(choose(request.call)), request, handler);
      sent.start();
      return () => sent.cancel();
    },
    openTunnel: async (request) => {
      const [first] = choose(null);
      if (first === undefined) throw new RangeError('there is no upstream');
      return openTunnel(first, request);
    },
    close: async () => {
      await Promise.all(upstreams.map(async ({ pool }) => closePool(pool)));
      for (const { report } of upstreams) report.flush();
    },
  };
}

/** Tells of an upstream whether some list has others beside it. */
function isInLongList({ fallback, routes, tasks }: RelayConfig): (upstream: UpstreamConfig) => boolean {
  const lists = [fallback, ...routes.map(({ upstreams }) => upstreams), ...Object.values(tasks)];
  const names = new Set(lists.filter((list) => list.length > 1).flat());
  return ({ name }) => names.has(name);
}

/** The same order, but for upstreams that count as down: they are the last resort. */
function withDownLast(order: readonly Upstream[]): readonly Upstream[] {
  if (order.length === 1 || order.every(isUp)) return order;
  return [...order.filter(isUp), ...order.filter((upstream) => !isUp(upstream))];
}

/** Those that fail fast keep their place, since they cost nothing where they are down. */
function isUp({ breaker, config }: Upstream): boolean {
  return breaker === null || config.breaker.isFailFast || breaker.isAvailable();
}

async function closePool(pool: Upstream['pool']): Promise<void> {
  const timer = setTimeout(() => void pool.destroy(), closeMsMax);
  await pool.close();
  clearTimeout(timer);
}
