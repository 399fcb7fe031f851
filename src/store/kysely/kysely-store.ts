import type { Store } from '../store.ts';
import { kyselyCampaigns } from './campaigns.ts';
import { kyselyChangeLog } from './change-log.ts';
import type { KyselyContext } from './context.ts';
import type { DamageListener } from './damage.ts';
import { kyselyDecisionSearch } from './decision-search.ts';
import { kyselyDecisions } from './decisions.ts';
import { kyselyFeedbackSearch } from './feedback-search.ts';
import { kyselyFeedback } from './feedback.ts';
import { kyselyForgetting } from './forgetting.ts';
import { createGroupCommit } from './group-commit.ts';
import { kyselyLeases } from './leases.ts';
import { kyselyMaintenance } from './maintenance.ts';
import { kyselyOutcomes } from './outcomes.ts';
import { kyselyPlans } from './plans.ts';
import { kyselySpends } from './spends.ts';
import { kyselyTraces } from './traces.ts';

export interface KyselyStoreSettings extends Omit<KyselyContext, 'commit' | 'onDamage'> {
  /** Default: nobody is told. */
  readonly onDamage?: DamageListener;
  /** Whether what was just committed will be found again; asked before anybody is told. Default: it will. */
  readonly isInPlace?: () => boolean;
}

/** The store over any engine that Kysely speaks to; the caller has migrated it. */
export function createKyselyStore(
  { isInPlace = () => true, onDamage = () => {}, ...settings }: KyselyStoreSettings,
  close: () => Promise<void>,
): Store {
  const context = { ...settings, onDamage, commit: createGroupCommit(settings.db, isInPlace) };
  return {
    ...kyselyDecisions(context),
    ...kyselyFeedback(context),
    ...kyselyOutcomes(context),
    ...kyselyPlans(context),
    ...kyselyCampaigns(context),
    ...kyselyTraces(context),
    ...kyselySpends(context),
    ...kyselyLeases(context),
    ...kyselyDecisionSearch(context),
    ...kyselyFeedbackSearch(context),
    ...kyselyChangeLog(context),
    ...kyselyForgetting(context),
    ...kyselyMaintenance(context, close),
  };
}
