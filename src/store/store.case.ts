import { afterEach, beforeEach, describe } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { campaignCases } from './campaign-store.case.ts';
import { changeLogCases } from './change-log.case.ts';
import { decisionSearchCases } from './decision-search.case.ts';
import { decisionCases } from './decision-store.case.ts';
import { feedbackSearchCases } from './feedback-search.case.ts';
import { feedbackCases } from './feedback-store.case.ts';
import { forgettingCases } from './forgetting.case.ts';
import { leaseCases } from './lease-store.case.ts';
import { maintenanceCases } from './maintenance.case.ts';
import { outcomeCases } from './outcome-store.case.ts';
import { planCases } from './plan-store.case.ts';
import { rewardCases } from './rewards.case.ts';
import { startMs } from './samples.case.ts';
import { retentionMs, type StoreCase } from './store-context.case.ts';
import { spendCases } from './spend-store.case.ts';
import type { Store } from './store.ts';
import { traceCases } from './trace-store.case.ts';

/** How a suite opens the store that it checks; its fold must be `fakeFold`. */
export type OpenStore = (settings: {
  readonly clock: Clock;
  readonly retentionMs: number;
}) => Promise<OpenedStore>;

interface OpenedStore {
  readonly store: Store;
  /** Ends what the suite's store needs beside itself. */
  readonly dispose: () => Promise<void>;
}

/** The contract of `Store`, run by every adapter. */
export function describeStore(name: string, open: OpenStore): void {
  describe(name, () => {
    let opened: OpenedStore | undefined;
    let nowMs = startMs;
    beforeEach(async () => {
      nowMs = startMs;
      opened = await open({ clock: { now: () => nowMs }, retentionMs });
    });
    afterEach(async () => {
      await opened?.store.close();
      await opened?.dispose();
    });
    const context: StoreCase = {
      store: () => {
        if (opened === undefined) throw new Error('the store is not open');
        return opened.store;
      },
      setNowMs: (moment) => {
        nowMs = moment;
      },
    };
    decisionCases(context);
    feedbackCases(context);
    rewardCases(context);
    outcomeCases(context);
    planCases(context);
    campaignCases(context);
    traceCases(context);
    spendCases(context);
    leaseCases(context);
    decisionSearchCases(context);
    feedbackSearchCases(context);
    changeLogCases(context);
    forgettingCases(context);
    maintenanceCases(context);
  });
}
