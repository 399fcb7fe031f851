import type { LoadTarget } from '../load/load-generator.ts';

/** What the bench compares. */
export const contenderNames = [
  // No proxy: straight to upstream.
  'direct',
  // `node:http` to undici's `Pool.dispatch`, and nothing else.
  'bare',
  // Ratchet recording metadata, 1 % of requests traced.
  'ratchet',
  // Ratchet recording whole requests and answers, 1 % of requests traced.
  'ratchet-full',
  // Ratchet recording metadata, every request traced.
  'ratchet-traced',
  // Ratchet of another checkout, as `ratchet`: how it was before a change.
  'ratchet-other',
  // `@portkey-ai/gateway`.
  'peer',
  // nginx as a reverse proxy, the limit.
  'nginx',
] as const;

/** One of them. */
export type ContenderName = (typeof contenderNames)[number];

/** One of them, running. */
export interface Contender extends LoadTarget {
  readonly name: string;
  /** The process to measure; `undefined` where there is none. */
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}
