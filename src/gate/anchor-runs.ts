import type { Campaign } from '../domain/campaign.ts';
import { primaryLedger } from '../domain/histogram.ts';
import type { TaskConfig } from '../domain/task.ts';
import type { Variant } from '../domain/variant.ts';
import type { Store } from '../store/store.ts';
import type { Differences } from './pair-differences.ts';
import { findVariant, type TaskView } from './task-view.ts';
import { anchorLedger } from './test-evidence.ts';
import { compareRuns, type AnsweredRequest } from './unit-pairs.ts';

/** By campaign: the variant that it is compared with beside the incumbent. Campaigns without one are absent. */
export type Anchors = ReadonlyMap<string, Variant>;

/** The anchors of campaigns under test. */
export async function readAnchors(
  campaigns: readonly Campaign[],
  view: TaskView,
  store: Pick<Store, 'readVariant'>,
): Promise<Anchors> {
  const found = new Map<string, Variant>();
  for (const { id, terms } of campaigns) {
    const anchorId = terms?.anchorId ?? null;
    const anchor = anchorId === null ? undefined : await findVariant(view, store, anchorId);
    if (anchor !== undefined) found.set(id, anchor);
  }
  return found;
}

/** The variants that answer a request: the incumbent, and what each campaign needs, once each. */
export function variantsToAnswer(
  incumbent: Variant,
  campaigns: readonly Campaign[],
  anchors: Anchors,
): readonly Variant[] {
  const needed = campaigns.flatMap(({ id, proposal }) => [proposal.variant, anchors.get(id) ?? []].flat());
  return [...new Map([incumbent, ...needed].map((variant) => [variant.id, variant])).values()];
}

/** What a request says of a candidate beside the incumbent, and of its score beside the anchor. */
export function compareWithAnchor(
  config: TaskConfig,
  request: AnsweredRequest,
  ids: { readonly candidateId: string; readonly incumbentId: string; readonly anchorId: string | undefined },
): Differences {
  const differences = compareRuns(config, request, ids.candidateId, ids.incumbentId);
  if (ids.anchorId === undefined) return differences;
  const beside = compareRuns(config, request, ids.candidateId, ids.anchorId)[primaryLedger];
  return beside === undefined ? differences : { ...differences, [anchorLedger]: beside };
}
