import type { Campaign } from '../../domain/campaign.ts';
import type { Clock } from '../../domain/clock.ts';
import type { GateState } from '../../domain/gate-state.ts';
import type { Ledger } from '../../domain/histogram.ts';
import type { Logger } from '../../domain/logger.ts';
import type { TaskConfig } from '../../domain/task.ts';
import type { Store } from '../../store/store.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { Evidence } from './evidence.ts';
import type { AgentRequest } from '../../domain/agent-request.ts';
import type { ShadowRun } from '../../domain/shadow-run.ts';

/** What the API works with. */
export interface ApiDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether anything is proposed, in a sentence. */
  readonly learning: { readonly isOn: boolean; readonly reason: string };
  readonly gate: GateViews;
  /** Resolves when what was decided so far is stored, or was dropped. */
  readonly flushDecisions: () => Promise<void>;
  /** What streams of changes wait for. */
  readonly feed: ChangeFeed;
  /** Aborted when the server stops: streams end then. */
  readonly stopping: AbortSignal;
}

/** What only the gate can tell, which the console knows nothing of. */
export interface GateViews {
  /** Every e-value of a campaign beside its bar, made anew from its ledger. */
  readonly evidenceOf: (campaign: Campaign, ledger: Ledger, config: TaskConfig) => Evidence;
  /** How much better graders found the candidate's answer, in [-1, 1]; `undefined` where they have nothing to say. */
  readonly scoreDifference: (config: TaskConfig, pair: AnswerPair) => number | undefined;
  /** α_t that the next test would have. */
  readonly nextAlphaLevel: (budget: GateState['errorBudget'], config: TaskConfig['gate']) => number;
}

/** Two variants' answers to one recorded request. */
export interface AnswerPair {
  readonly candidate: ShadowRun;
  readonly incumbent: ShadowRun;
  readonly request: AgentRequest;
  readonly expected: string | null;
}
