import { setTimeout as sleep } from 'node:timers/promises';
import type { Campaign } from '../../domain/campaign.ts';
import type { Variant } from '../../domain/variant.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';
import type { RunEvent } from './run-observer.ts';
import type { RunWatch } from './watch-run.ts';

/** How things stand, a few times a second. */
export interface LiveTick {
  readonly requests: number;
  readonly elapsedMs: number;
  readonly baselineValue: number;
  readonly incumbentValue: number;
  readonly snapshot: TaskSnapshot | undefined;
  readonly campaigns: readonly Campaign[];
  readonly events: readonly RunEvent[];
}

/** Looks at the store of a live run from outside. */
export interface LiveLook {
  /** What was seen last; every variant that was ever seen in a plan. */
  readonly seen: () => {
    readonly snapshot: TaskSnapshot | undefined;
    readonly variants: ReadonlyMap<string, Variant>;
  };
  /** One more request has been answered. */
  readonly answered: () => void;
  /** Looks a last time. */
  readonly stop: () => Promise<void>;
}

export interface LiveLookDeps {
  readonly reader: Pick<Store, 'readSnapshot' | 'readCampaigns'>;
  readonly watch: RunWatch;
  readonly onTick: (tick: LiveTick) => void;
}

const tickMs = 200;

/** Starts looking at a store that holds one task. */
export function startLooking({ reader, watch, onTick }: LiveLookDeps): LiveLook {
  const startedMs = performance.now();
  const variants = new Map<string, Variant>();
  const stopping = new AbortController();
  let snapshot: TaskSnapshot | undefined;
  let requests = 0;

  const look = async (): Promise<void> => {
    [snapshot] = (await reader.readSnapshot(0)).tasks;
    if (snapshot === undefined) return;
    for (const variant of snapshot.variants) variants.set(variant.id, variant);
    const events = await watch.observe(requests);
    const { baseline, incumbent } = watch.valuesNow();
    onTick({
      requests,
      elapsedMs: performance.now() - startedMs,
      baselineValue: baseline,
      incumbentValue: incumbent,
      snapshot,
      campaigns: await reader.readCampaigns(snapshot.task.id, 'all'),
      events,
    });
  };
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look();
      await sleep(tickMs);
    }
    await look();
  })();
  // A look that failed is told when the run stops; until then nobody waits for it.
  looking.catch(() => {});
  return {
    seen: () => ({ snapshot, variants }),
    answered: () => {
      requests += 1;
    },
    stop: async () => {
      stopping.abort();
      await looking;
    },
  };
}
