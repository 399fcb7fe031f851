import { Pool } from 'undici';
import type { UpstreamConfig } from '../../domain/upstream.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import { createBreaker, type Breaker } from './breaker.ts';
import { Connection } from './connection.ts';
import { createHeaderRule, type HeaderRule } from './request-headers.ts';
import { createSlots, type Slots } from './slots.ts';
import { createUpstreamReport, type UpstreamReport } from './upstream-report.ts';

/** An upstream at work: its connections, and what is remembered of it. */
export interface Upstream {
  readonly config: UpstreamConfig;
  readonly pool: Pool;
  /** Path of the base URL, without a slash at its end. */
  readonly basePath: string;
  readonly headerRule: HeaderRule;
  /** `null`: as many requests at a time as come. */
  readonly slots: Slots | null;
  /** `null` where it would change nothing, since there is no other upstream to try first. */
  readonly breaker: Breaker | null;
  readonly report: UpstreamReport;
}

/** What upstreams work with. */
export interface UpstreamDeps {
  readonly telemetry: Telemetry;
  /** Milliseconds that only ever grow. */
  readonly stopwatch: () => number;
  /** Connections of one upstream at a time; further requests wait for one. */
  readonly connectionsMax: number;
}

/** Name of the upstream that clients mean, whose credential is theirs unless something else is said. */
const clientsUpstream = 'default';

/** Longest head of a response that is relayed, bytes: more than clients take, so that they are the judge. */
const headBytesMax = 1024 * 1024;

/** `isOneOfSeveral`: whether requests may go elsewhere instead. Throws a TypeError where the base URL is none. */
export function createUpstream(
  config: UpstreamConfig,
  deps: UpstreamDeps,
  isOneOfSeveral: boolean,
): Upstream {
  const url = new URL(config.url);
  const report = createUpstreamReport(config.name, deps.telemetry);
  return {
    config,
    pool: new Pool(url.origin, {
      connections: deps.connectionsMax,
      connectTimeout: config.connectTimeoutMs,
      headersTimeout: config.firstByteTimeoutMs,
      bodyTimeout: config.idleTimeoutMs,
      keepAliveTimeout: config.keepAliveMs,
      maxHeaderSize: headBytesMax,
      // One stream that ends early would otherwise share its fate with others of its connection.
      allowH2: false,
      factory: (origin, options) => new Connection(origin, options),
    }),
    basePath: url.pathname.replace(/\/+$/, ''),
    headerRule: createHeaderRule(config.credential, config.name === clientsUpstream),
    slots: config.concurrency === null ? null : createSlots(config.concurrency),
    breaker:
      isOneOfSeveral || config.breaker.isFailFast
        ? createBreaker(config.breaker, deps.stopwatch, report.breaker)
        : null,
    report,
  };
}
