import type { HttpBindings } from '@hono/node-server';
import type { ApiKey } from '../domain/api-key.ts';
import type { Price } from '../domain/price.ts';
import type { RecordingLevel } from '../domain/recording.ts';
import type { DecisionLog } from '../store/decision-log.ts';
import type { FeedbackStore } from '../store/feedback-store.ts';
import type { LiveRequests } from '../store/live-requests.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Relay } from '../upstream/relay.ts';
import type { KeyLimits } from './key-limits.ts';
import type { RouterDeps } from './route.ts';

/** Hono's environment of the proxy: it runs on Node, whose own request and response the hot routes use. */
export interface ProxyEnv {
  Bindings: HttpBindings;
}

/** All that the data plane works with. */
export interface ProxyDeps extends Omit<RouterDeps, 'store' | 'telemetry'> {
  /** The way upstream. */
  readonly relay: Relay;
  /** May be slow, failing or hung: completions go on, feedback answers 503. */
  readonly store: RouterDeps['store'] & Pick<FeedbackStore, 'recordFeedback'>;
  /** Where decisions go; never waited for. */
  readonly decisionLog: Pick<DecisionLog, 'append'>;
  /** Where requests go that are mirrored; absent: none is. */
  readonly liveRequests?: LiveRequests;
  readonly telemetry: Telemetry;
  /** Keys that clients authenticate with; empty: none. */
  readonly keys: readonly ApiKey[];
  /** Holds them to their limits; absent: none of them has any. */
  readonly keyLimits?: KeyLimits;
  /** Whether upstream is paid with a key of the operator's; else the client's own credential passes. */
  readonly hasUpstreamKey: boolean;
  readonly recording: RecordingLevel;
  /** Whether prompts and answers are exported with traces. */
  readonly isContentCaptured: boolean;
  readonly priceOf: (model: string) => Price;
  /** A clock for durations, in milliseconds with fractions. Default `performance.now`. */
  readonly stopwatch?: () => number;
}
