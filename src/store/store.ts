import type { CampaignStore } from './campaign-store.ts';
import type { ChangeLog } from './change-log.ts';
import type { DecisionSearch } from './decision-search.ts';
import type { DecisionStore } from './decision-store.ts';
import type { FeedbackSearch } from './feedback-search.ts';
import type { FeedbackStore } from './feedback-store.ts';
import type { Forgetting } from './forgetting.ts';
import type { LeaseStore } from './lease-store.ts';
import type { Maintenance } from './maintenance.ts';
import type { OutcomeStore } from './outcome-store.ts';
import type { PlanStore } from './plan-store.ts';
import type { SpendHistory, SpendStore } from './spend-store.ts';
import type { TraceStore } from './trace-store.ts';

/**
 * Everything that survives a restart. Each adapter passes the suite in `store.case.ts`. All arguments and results are
 * plain data, so that a store may live on another thread. Methods reject with `store_unavailable` (retryable) when the
 * engine cannot be reached or cannot commit.
 */
export interface Store
  extends
    DecisionStore,
    FeedbackStore,
    OutcomeStore,
    PlanStore,
    CampaignStore,
    TraceStore,
    SpendStore,
    SpendHistory,
    LeaseStore,
    DecisionSearch,
    FeedbackSearch,
    ChangeLog,
    Forgetting,
    Maintenance {}
