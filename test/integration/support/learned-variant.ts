import type { Edit } from '../../../src/domain/edit.ts';
import { makeVariant, type Variant } from '../../../src/domain/variant.ts';
import type { TaskSnapshot } from '../../../src/store/plan-store.ts';
import type { LocalProxy } from './local-proxy.ts';

/** Snapshots for a proxy, whose plans a test makes. */
export interface TestPlans {
  readonly get: (taskId: string) => TaskSnapshot | undefined;
  readonly all: () => Iterable<TaskSnapshot>;
  /** Gives one edited variant all the traffic of every task that the proxy has stored. */
  readonly serve: (proxy: LocalProxy, edits: readonly Edit[]) => Promise<readonly Variant[]>;
}

/** Creates plans that know no task yet. */
export function createTestPlans(): TestPlans {
  const known = new Map<string, TaskSnapshot>();
  return {
    get: (taskId) => known.get(taskId),
    all: () => known.values(),
    serve: async ({ store }, edits) => {
      const { tasks } = await store.readSnapshot(0);
      return tasks.map((stored) => {
        const variant = variantOf(stored, edits);
        known.set(stored.task.id, serving(stored, variant));
        return variant;
      });
    },
  };
}

function variantOf({ task, plan }: TaskSnapshot, edits: readonly Edit[]): Variant {
  return makeVariant(task.id, plan.baselineVersion, edits);
}

/** As if the gate had promoted the variant, and the bandit had moved all traffic to it. */
function serving(stored: TaskSnapshot, variant: Variant): TaskSnapshot {
  const { task, plan, routing } = stored;
  const version = plan.version + 1;
  return {
    ...stored,
    plan: {
      ...plan,
      version,
      cause: { kind: 'promoted', campaignId: 'campaign-1' },
      incumbentId: variant.id,
      arms: [
        { variantId: 'baseline', status: 'baseline', cap: 1 },
        { variantId: variant.id, status: 'incumbent', cap: 1 },
      ],
    },
    variants: [makeVariant(task.id, plan.baselineVersion, []), variant],
    routing: { ...routing, planVersion: version, probabilities: { baseline: 0, [variant.id]: 1 } },
  };
}
