import { differingOutputs } from '../gate/differing-outputs.ts';
import { reviewOf, type Review } from '../gate/review.ts';
import type { Store } from '../store/store.ts';
import { promptDiff } from './prompt-diff.ts';
import { readCampaignWithTask } from './read-campaign.ts';

/** Newest requests that are looked through for examples. */
const tracesMax = 400;

/** A review with the texts of both prompts. */
export interface ReadReview {
  readonly review: Review;
  readonly taskName: string;
  readonly diff: readonly string[];
}

/** Reads all that a person needs to decide on a campaign. */
export async function readReview(store: Store, name: string): Promise<ReadReview> {
  const { campaign, snapshot } = await readCampaignWithTask(store, name);
  const { task } = snapshot;
  const { variant } = campaign.proposal;
  const traces = await store.readTraces({
    taskId: task.id,
    afterMs: campaign.frozenAtMs,
    baselineVersion: variant.baselineVersion,
    order: 'newest',
    limit: tracesMax,
  });
  const ids = traces.map(({ decision }) => decision.decisionId);
  const runsOf = async (variantId: string) =>
    new Map(
      (await store.readShadowRuns(task.id, variantId, ids)).map((run) => [run.decisionId, run] as const),
    );
  const [mine, others] = [await runsOf(variant.id), await runsOf(campaign.incumbentId)];
  const answered = traces.flatMap((trace) => {
    const { decisionId } = trace.decision;
    const [candidate, incumbent] = [mine.get(decisionId), others.get(decisionId)];
    return candidate === undefined || incumbent === undefined ? [] : [{ trace, candidate, incumbent }];
  });
  const incumbent =
    snapshot.variants.find(({ id }) => id === campaign.incumbentId) ??
    (await store.readVariant(task.id, campaign.incumbentId));
  return {
    review: reviewOf(campaign, await store.readLedger(campaign.id), task.config, differingOutputs(answered)),
    taskName: task.name,
    diff: promptDiff(task.baseline.skeleton, incumbent?.edits ?? [], variant.edits),
  };
}
