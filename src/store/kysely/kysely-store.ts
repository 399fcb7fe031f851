import type { Store } from '../store.ts';
import { kyselyCampaigns } from './campaigns.ts';
import type { KyselyContext } from './context.ts';
import { kyselyDecisions } from './decisions.ts';
import { kyselyFeedback } from './feedback.ts';
import { createGroupCommit } from './group-commit.ts';
import { kyselyMaintenance } from './maintenance.ts';
import { kyselyPlans } from './plans.ts';
import { kyselySpends } from './spends.ts';
import { kyselyTraces } from './traces.ts';

/** The store over any engine that Kysely speaks to; the caller has migrated it. */
export function createKyselyStore(
  settings: Omit<KyselyContext, 'commit'>,
  close: () => Promise<void>,
): Store {
  const context = { ...settings, commit: createGroupCommit(settings.db) };
  return {
    ...kyselyDecisions(context),
    ...kyselyFeedback(context),
    ...kyselyPlans(context),
    ...kyselyCampaigns(context),
    ...kyselyTraces(context),
    ...kyselySpends(context),
    ...kyselyMaintenance(context, close),
  };
}
