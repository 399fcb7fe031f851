import Database from 'better-sqlite3';
import { banditFold } from '../../../src/bandit/fold.ts';
import type { Arm, ServingPlan } from '../../../src/domain/plan.ts';
import { baselineVariantId, makeVariant, type Variant } from '../../../src/domain/variant.ts';
import { createSystemRandom } from '../../../src/runtime/system-random.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import type { BanditFold } from '../../../src/store/bandit-fold.ts';
import { openSqliteStore } from '../../../src/store/kysely/sqlite-store.ts';
import type { TaskSnapshot } from '../../../src/store/plan-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { anchor } from '../load/requests.ts';

/** What the agent's own prompt keeps of the traffic; edited variants share the rest, as after a promotion. */
const baselineShare = 0.1;

/** Opens a database that no server has open, for seeding: edited variants get their share of traffic at once. */
export async function openSeedStore(path: string): Promise<Store> {
  return openSqliteStore({
    path,
    fold: promotedFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode: 'writer',
  });
}

/** The bandit's own rules, but for the probabilities under a new plan. */
const promotedFold: BanditFold = {
  ...banditFold,
  reconcile: (state, plan, settings) => {
    const reconciled = banditFold.reconcile(state, plan, settings);
    return { ...reconciled, routing: { ...reconciled.routing, probabilities: sharesOf(plan) } };
  },
};

function sharesOf({ arms }: ServingPlan): Readonly<Record<string, number>> {
  const edited = arms.length - 1;
  return Object.fromEntries(
    arms.map(({ variantId }) => [
      variantId,
      edited === 0 ? 1 : variantId === baselineVariantId ? baselineShare : (1 - baselineShare) / edited,
    ]),
  );
}

/** Gives a task a plan of the baseline and `edited` variants, each with one sentence more. Throws where it cannot. */
export async function admitVariants(
  path: string,
  store: Store,
  { task, plan }: TaskSnapshot,
  edited: number,
): Promise<void> {
  if (edited === 0) return;
  const variants = Array.from({ length: edited }, (_, index) =>
    makeVariant(task.id, task.baseline.version, [
      { op: 'insert', text: ` Keep rule ${index} in mind and be brief.`, after: anchor, intent: 'shorter' },
    ]),
  );
  saveVariants(path, variants);
  const arms: Arm[] = [{ variantId: baselineVariantId, status: 'baseline', cap: 1 }];
  for (const [index, { id }] of variants.entries())
    arms.push({ variantId: id, status: index === 0 ? 'incumbent' : 'superseded', cap: 1 });
  const outcome = await store.commitGate({
    taskId: task.id,
    plan: {
      ...plan,
      version: plan.version + 1,
      arms,
      incumbentId: variants[0]?.id ?? baselineVariantId,
      cause: { kind: 'promoted', campaignId: 'seeded' },
      atMs: systemClock.now(),
    },
  });
  if (outcome !== 'committed') throw new Error(`the plan of ${task.name} was not taken: ${outcome}`);
}

/** Straight into the table: through the store a variant comes only with a campaign, of which there is none here. */
function saveVariants(path: string, variants: readonly Variant[]): void {
  const database = new Database(path);
  const insert = database.prepare('insert into variants (task_id, id, variant) values (?, ?, ?)');
  database.transaction(() => {
    for (const variant of variants) insert.run(variant.taskId, variant.id, JSON.stringify(variant));
  })();
  database.close();
}
