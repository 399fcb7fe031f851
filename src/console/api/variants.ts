import type { Campaign } from '../../domain/campaign.ts';
import { editNeeds } from '../../domain/edit-needs.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Baseline } from '../../domain/task.ts';
import { baselineVariantId, makeVariant, type Variant } from '../../domain/variant.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';
import { findTask } from './find-task.ts';
import { operation, type Operation } from './operation.schema.ts';
import { pageOf, type Page } from './page.ts';
import { partQuery, taskParams, variantParams } from './parts.schema.ts';
import { diffQuery } from './queries.schema.ts';
import {
  diffSchema,
  variantDetailSchema,
  variantPageSchema,
  type VariantDetail,
  type VariantView,
  type PromptDiff,
} from './task.schema.ts';
import { promptDiff } from './views.ts';

const tag = 'Variants';

/** Every variant that was ever proposed, the agent’s own prompt first. */
export const listVariants: Operation<Page<VariantView>> = operation({
  id: 'listVariants',
  method: 'get',
  path: '/api/tasks/{task}/variants',
  tag,
  summary: 'Every variant that was ever proposed, the agent’s own prompt first',
  role: 'viewer',
  params: taskParams,
  query: partQuery,
  result: variantPageSchema,
  handle: async ({ params: { task: taskId }, query }, { store }) => {
    const { snapshot, campaigns } = await readTaskWithCampaigns(store, taskId);
    const all = [ownPrompt(snapshot), ...(await store.readVariants(taskId))];
    const part = pageOf(all, query, ({ id }) => id);
    const items = part.items.map((variant) => variantView(variant, snapshot, campaigns));
    return { kind: 'value', value: { ...part, items } };
  },
});

/** A variant with its prompt before and after, and which of its edits needs which. */
export const readVariant: Operation<VariantDetail> = operation({
  id: 'readVariant',
  method: 'get',
  path: '/api/tasks/{task}/variants/{variant}',
  tag,
  summary: 'A variant with its prompt before and after, and which of its edits needs which',
  role: 'viewer',
  params: variantParams,
  result: variantDetailSchema,
  handle: async ({ params: { task: taskId, variant: variantId } }, { store }) => {
    const { snapshot, campaigns } = await readTaskWithCampaigns(store, taskId);
    const variant = await findVariant(store, snapshot, variantId);
    const baseline = await baselineOf(store, snapshot, variant);
    const prompt = promptDiff(baseline, ownPrompt(snapshot), variant);
    const needs = editNeeds(baseline.skeleton, variant.edits);
    return { kind: 'value', value: { ...variantView(variant, snapshot, campaigns), prompt, needs } };
  },
});

/** How the prompts of two variants of one baseline differ. */
export const diffVariants: Operation<PromptDiff> = operation({
  id: 'diffVariants',
  method: 'get',
  path: '/api/tasks/{task}/diff',
  tag,
  summary: 'How the prompts of two variants of one baseline differ',
  role: 'viewer',
  params: taskParams,
  query: diffQuery,
  result: diffSchema,
  handle: async ({ params: { task: taskId }, query: { from, to } }, { store }) => {
    const snapshot = await findTask(store, taskId);
    const [one, other] = await Promise.all(
      [from, to].map(async (variantId) => await findVariant(store, snapshot, variantId)),
    );
    if (one === undefined || other === undefined) throw new RangeError('two variants were asked for');
    const edited = other.edits.length === 0 ? one : other;
    return { kind: 'value', value: promptDiff(await baselineOf(store, snapshot, edited), one, other) };
  },
});

/** Variants of a task, their edits and prompts. */
export const variantOperations: readonly Operation[] = [listVariants, readVariant, diffVariants];

async function readTaskWithCampaigns(
  store: Pick<Store, 'readTask' | 'readCampaigns'>,
  taskId: string,
): Promise<{ readonly snapshot: TaskSnapshot; readonly campaigns: readonly Campaign[] }> {
  const snapshot = await findTask(store, taskId);
  return { snapshot, campaigns: await store.readCampaigns(taskId, 'all') };
}

function ownPrompt({ task }: Pick<TaskSnapshot, 'task'>): Variant {
  return makeVariant(task.id, task.baseline.version, []);
}

/** Rejects with `unknown_variant` where there is none of this id. */
export async function findVariant(
  store: Pick<Store, 'readVariant'>,
  snapshot: TaskSnapshot,
  variantId: string,
): Promise<Variant> {
  const { task, variants } = snapshot;
  if (variantId === baselineVariantId) return ownPrompt(snapshot);
  const found = variants.find(({ id }) => id === variantId) ?? (await store.readVariant(task.id, variantId));
  if (found === undefined)
    throw new RatchetError('unknown_variant', `the task has no variant "${variantId}"`);
  return found;
}

/** The baseline that a variant was written for; the present one where that is not known any more. */
async function baselineOf(
  store: Pick<Store, 'readBaselines'>,
  { task }: TaskSnapshot,
  { baselineVersion }: Variant,
): Promise<Baseline> {
  if (baselineVersion === task.baseline.version) return task.baseline;
  const all = await store.readBaselines(task.id);
  return all.find(({ version }) => version === baselineVersion) ?? task.baseline;
}

function variantView(
  { id, taskId, baselineVersion, edits }: Variant,
  { plan, routing }: TaskSnapshot,
  campaigns: readonly Campaign[],
): VariantView {
  const own = campaigns.filter(({ proposal }) => proposal.variant.id === id);
  const arm = plan.arms.find(({ variantId }) => variantId === id);
  const hasServed = own.some(({ canary, byHand }) => canary !== null || byHand !== undefined);
  return {
    id,
    taskId,
    baselineVersion,
    edits,
    status: arm?.status ?? (hasServed ? 'former' : 'proposed'),
    probability: routing.probabilities[id] ?? 0,
    parentId: own.at(-1)?.proposal.parentId ?? null,
    campaignIds: own.map((campaign) => campaign.id),
  };
}
