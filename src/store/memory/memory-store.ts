import type { Clock } from '../../domain/clock.ts';
import type { Random } from '../../domain/random.ts';
import type { BanditFold } from '../bandit-fold.ts';
import { retentionMsDefault } from '../ledger/limits.ts';
import type { Store } from '../store.ts';
import { memoryCampaigns } from './campaigns.ts';
import { memoryChangeLog } from './change-log.ts';
import type { MemoryContext } from './context.ts';
import { memoryDecisionSearch } from './decision-search.ts';
import { memoryDecisions } from './decisions.ts';
import { memoryFeedbackSearch } from './feedback-search.ts';
import { memoryFeedback } from './feedback.ts';
import { memoryForgetting } from './forgetting.ts';
import { memoryLeases } from './leases.ts';
import { memoryMaintenance } from './maintenance.ts';
import { memoryOutcomes } from './outcomes.ts';
import { memoryPlans } from './plans.ts';
import { memorySpends } from './spends.ts';
import { createTables } from './tables.ts';
import { memoryTraces } from './traces.ts';

export interface MemoryStoreSettings {
  readonly fold: BanditFold;
  readonly clock: Clock;
  readonly random: Random;
  /** How long decisions with their text, and shadow runs, are kept; default 14 days. */
  readonly retentionMs?: number;
}

/** A store that lives as long as its process; for simulations and tests. Values are shared, not copied. */
export function createMemoryStore({ fold, clock, random, retentionMs }: MemoryStoreSettings): Store {
  const context: MemoryContext = {
    tables: createTables(),
    random,
    retentionMs: retentionMs ?? retentionMsDefault,
    rules: () => ({ fold, nowMs: clock.now() }),
  };
  return {
    ...memoryDecisions(context),
    ...memoryFeedback(context),
    ...memoryOutcomes(context),
    ...memoryPlans(context),
    ...memoryCampaigns(context),
    ...memoryTraces(context),
    ...memorySpends(context),
    ...memoryLeases(context),
    ...memoryDecisionSearch(context),
    ...memoryFeedbackSearch(context),
    ...memoryChangeLog(context),
    ...memoryForgetting(context),
    ...memoryMaintenance(context),
  };
}
