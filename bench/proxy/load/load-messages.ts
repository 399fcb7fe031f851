import type { ClosedLoopResult } from './closed-loop.ts';
import type { OpenLoopResult } from './open-loop.ts';

/** What all orders for the load process have in common: which request, and where to. */
interface Target {
  readonly port: number;
  /** Raw HTTP with places, see `template.ts`. */
  readonly template: string;
  readonly tasks: number;
  /** Number of the first request. */
  readonly start: number;
}

/** An order for the load process. */
export type LoadOrder =
  | (Target & { readonly kind: 'open-loop'; readonly rate: number; readonly seconds: number })
  | (Target & {
      readonly kind: 'closed-loop';
      readonly connections: number;
      readonly seconds: number;
      readonly requestsMax: number;
    })
  /** Opens so many more streams, which stay open. */
  | (Target & { readonly kind: 'hold-streams'; readonly count: number })
  | { readonly kind: 'release-streams' };

/** Its answer. */
export type LoadAnswer =
  | { readonly kind: 'open-loop'; readonly result: OpenLoopResult }
  | { readonly kind: 'closed-loop'; readonly result: ClosedLoopResult }
  | { readonly kind: 'streams'; readonly failed: number }
  | { readonly kind: 'failed'; readonly message: string };
