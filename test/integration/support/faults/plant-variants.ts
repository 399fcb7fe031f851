import { banditFold } from '../../../../src/bandit/fold.ts';
import { planWithCanary, planWithPromotion } from '../../../../src/domain/next-plan.ts';
import { literalSkeleton } from '../../../../src/domain/skeleton.ts';
import { defaultTaskConfig } from '../../../../src/domain/task.ts';
import { makeVariant } from '../../../../src/domain/variant.ts';
import { localScope, namedTaskId } from '../../../../src/proxy/task-directory.ts';
import { createSystemRandom } from '../../../../src/runtime/system-random.ts';
import { systemClock } from '../../../../src/runtime/system-clock.ts';
import { openSqliteStore } from '../../../../src/store/kysely/sqlite-store.ts';
import { sampleCampaign } from '../../../../src/store/samples.case.ts';
import { promptOf } from './traffic.ts';

/** A task whose plan has a promoted variant beside the agent's own prompt. */
export interface Planted {
  readonly taskId: string;
  readonly variantId: string;
}

/** What the planted variant adds to a prompt. */
export const plantedText = 'Be brief.';

/** Makes a database in which each of these tasks of local agents has a promoted variant. */
export async function plantVariants(
  path: string,
  tasks: readonly string[],
): Promise<ReadonlyMap<string, Planted>> {
  const store = await openSqliteStore({
    path,
    fold: banditFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode: 'writer',
  });
  const planted = new Map<string, Planted>();
  for (const name of tasks) {
    const atMs = Date.now();
    const taskId = namedTaskId(name, localScope);
    await store.registerTask({
      id: taskId,
      name,
      scope: localScope,
      baseline: { version: 1, skeleton: literalSkeleton(promptOf(name)), stableFor: 30 },
      config: defaultTaskConfig,
      createdAtMs: atMs,
    });
    const variant = makeVariant(taskId, 1, [{ op: 'insert', text: plantedText, intent: 'shorter' }]);
    const sample = sampleCampaign(`campaign-${name}`);
    const campaign = { ...sample, taskId, proposal: { ...sample.proposal, variant, atMs }, frozenAtMs: atMs };
    await store.commitGate({ taskId, newCampaigns: [campaign] });
    const first = (await store.readTask(taskId))?.plan;
    if (first === undefined) throw new Error(`no plan of ${name}`);
    const canary = planWithCanary(first, variant.id, campaign.id, atMs);
    await store.commitGate({ taskId, plan: canary });
    await store.commitGate({ taskId, plan: planWithPromotion(canary, variant.id, campaign.id, atMs) });
    planted.set(name, { taskId, variantId: variant.id });
  }
  await store.close();
  return planted;
}
