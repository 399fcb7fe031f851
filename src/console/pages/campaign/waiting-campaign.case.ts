import { moveCampaign, type Campaign } from '../../../domain/campaign.ts';
import { makeVariant } from '../../../domain/variant.ts';
import type { Verdict } from '../../../domain/verdict.ts';
import { sampleCampaign, sampleTask, sampleVariant, startMs } from '../../../store/samples.case.ts';
import type { Store } from '../../../store/store.ts';
import { sampleVerdict } from '../../api/api-world.case.ts';

/** A task that asks a person before anything serves, with a campaign that has passed. */
export async function plantWaiting(store: Store): Promise<void> {
  const { config } = sampleTask();
  await store.registerTask(
    sampleTask({
      id: 'manual',
      name: 'By hand',
      config: { ...config, gate: { ...config.gate, approve: 'manual' } },
    }),
  );
  await plantInShadow(store, { id: 'w1', taskId: 'manual', verdict: sampleVerdict('promote') });
}

/** A campaign in shadow with a verdict. */
export async function plantInShadow(
  store: Store,
  { id, taskId, verdict }: { readonly id: string; readonly taskId: string; readonly verdict: Verdict },
): Promise<Campaign> {
  const variant = makeVariant(taskId, 1, sampleVariant().edits);
  const proposed = sampleCampaign(id, { taskId, proposal: { ...sampleCampaign(id).proposal, variant } });
  await store.addCampaign(proposed);
  const screened = moveCampaign(proposed, 'screened', { atMs: startMs, reason: 'passed 9 limits' });
  await store.commitGate({ taskId, campaigns: [screened] });
  const inShadow = moveCampaign(screened, 'shadow', {
    atMs: startMs,
    reason: 'test',
    alphaLevel: 0.002,
    verdict,
    screening: {
      isPassed: true,
      checks: [{ limit: 'edit-tokens', value: 24, bound: 48, isPassed: true }],
    },
  });
  await store.commitGate({ taskId, campaigns: [inShadow] });
  return inShadow;
}
