import { decisionIdOf } from '../decision-id-of.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';
import { operation, type Operation } from './operation.schema.ts';
import { searchQuery, searchSchema, type SearchHit } from './search.schema.ts';

/** Tasks that are found by a part of their name, and tasks among whose variants is looked. */
const tasksMax = 50;
const variantTasksMax = 500;

/** Whatever has an id, and tasks by their names. */
export const search: Operation<{ readonly items: readonly SearchHit[] }> = operation({
  id: 'search',
  method: 'get',
  path: '/api/search',
  tag: 'Search',
  summary: 'Whatever has an id, and tasks by their names',
  role: 'viewer',
  query: searchQuery,
  result: searchSchema,
  handle: async ({ query: { q } }, { store }) => {
    const { tasks } = await store.readSnapshot(0);
    const found = await Promise.all([
      findCampaigns(store, q),
      findVariants(store, q, tasks),
      findDecisions(store, decisionIdOf(q)),
    ]);
    return { kind: 'value', value: { items: [...tasksOf(tasks, q), ...found.flat()] } };
  },
});

/** Finding things. */
export const searchOperations: readonly Operation[] = [search];

function tasksOf(tasks: readonly TaskSnapshot[], text: string): readonly SearchHit[] {
  const wanted = text.toLowerCase();
  return tasks
    .filter(({ task: { id, name } }) => id === text || name.toLowerCase().includes(wanted))
    .map(({ task: { id, name } }): SearchHit => ({ kind: 'task', id, taskId: id, name }))
    .toSorted((one, other) => rank(one, text) - rank(other, text) || (one.id < other.id ? -1 : 1))
    .slice(0, tasksMax);
}

function rank({ id, name }: SearchHit, text: string): number {
  return id === text ? 0 : name === text ? 1 : 2;
}

async function findCampaigns(store: Pick<Store, 'readCampaign'>, id: string): Promise<readonly SearchHit[]> {
  const campaign = await store.readCampaign(id);
  return campaign === undefined ? [] : [{ kind: 'campaign', id, taskId: campaign.taskId, name: null }];
}

/** Ids of variants are hashes of 16 characters, so that other texts need not be looked up. */
async function findVariants(
  store: Pick<Store, 'readVariant'>,
  id: string,
  tasks: readonly TaskSnapshot[],
): Promise<readonly SearchHit[]> {
  if (!/^[\w-]{16}$/.test(id)) return [];
  const found = await Promise.all(
    tasks.slice(0, variantTasksMax).map(async ({ task, variants }) => {
      const isServed = variants.some((variant) => variant.id === id);
      return isServed || (await store.readVariant(task.id, id)) !== undefined ? task.id : undefined;
    }),
  );
  return found
    .filter((taskId) => taskId !== undefined)
    .map((taskId) => ({ kind: 'variant', id, taskId, name: null }));
}

/** Decisions by their own id or that of the completion, and the episode of this name. */
async function findDecisions(store: Pick<Store, 'readDecisions'>, id: string): Promise<readonly SearchHit[]> {
  const one = { withText: false, order: 'newest', limit: 1 } as const;
  const [named, completed, episode] = await Promise.all([
    store.readDecisions({ ...one, decisionId: id }),
    store.readDecisions({ ...one, completionId: id, limit: 20 }),
    // A request that belongs to no longer conversation is an episode of its own, of the same id: two tell them apart.
    store.readDecisions({ ...one, episodeId: id, limit: 2 }),
  ]);
  const decisions = [...named.items, ...completed.items].map(
    ({ decision: { decisionId, taskId, completionId } }): SearchHit => ({
      kind: 'decision',
      id: decisionId,
      taskId,
      name: completionId,
    }),
  );
  const [first] = episode.items;
  const isOwn = episode.items.length === 1 && first?.decision.decisionId === id;
  return first === undefined || isOwn
    ? decisions
    : [...decisions, { kind: 'episode', id, taskId: first.decision.taskId, name: null }];
}
