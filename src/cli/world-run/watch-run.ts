import { makeVariant, type Variant } from '../../domain/variant.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';
import type { RunningWorld } from '../../upstream/simulated/running-world.ts';
import { createRunObserver, type ObserverDeps, type RunEvent, type RunObserver } from './run-observer.ts';
import type { RunReport } from './run-report.ts';
import { createRunTally } from './run-tally.ts';
import { createVariantTruth } from './variant-truth.ts';

/** Everything that is measured in a run on a world, from outside the product. */
export interface RunWatch {
  /** A live request was served; `snapshot` is what it was served from, `undefined` before the task is known. */
  readonly served: (index: number, variant: Variant | undefined, snapshot: TaskSnapshot | undefined) => void;
  /** So many feedback values were delivered. */
  readonly feedback: (count: number) => void;
  /** What the gate has changed since the last call; `atRequest` is the number of requests so far. */
  readonly observe: (atRequest: number) => Promise<readonly RunEvent[]>;
  /** True values at this moment: of the agent's own prompt, and of the incumbent. */
  readonly valuesNow: () => { readonly baseline: number; readonly incumbent: number };
  readonly report: () => Promise<RunReport>;
}

/** Starts measuring a run of that many requests. Nothing can be reported before the store knows the task. */
export function watchRun(
  running: RunningWorld,
  store: ObserverDeps['store'] & Pick<Store, 'readSnapshot' | 'readTotalSpend'>,
  requests: number,
): RunWatch {
  let newest: TaskSnapshot | undefined;
  let observer: RunObserver | undefined;
  const truth = createVariantTruth(running, () => newest?.task.baseline);
  const tally = createRunTally(requests, truth);
  const shifts = running.world.shifts.map(({ atRequest }) => atRequest);
  const valuesNow: RunWatch['valuesNow'] = () => {
    const own = truth.valueOf(makeVariant('', newest?.task.baseline.version ?? 0, []));
    const incumbent = newest?.variants.find(({ id }) => id === newest?.plan.incumbentId);
    return { baseline: own, incumbent: incumbent === undefined ? own : truth.valueOf(incumbent) };
  };
  const learnOf = (snapshot: TaskSnapshot): RunObserver => {
    newest = snapshot;
    observer ??= createRunObserver({ store, taskId: snapshot.task.id, trueValue: truth.valueOf, shifts });
    return observer;
  };
  return {
    served: (index, variant, snapshot) => {
      if (snapshot !== undefined) learnOf(snapshot);
      tally.request(index, variant, newest);
    },
    feedback: tally.feedback,
    observe: async (atRequest) => (await observer?.observe(atRequest)) ?? [],
    valuesNow,
    report: async () => {
      // What the last request was served from may be older than what the gate has decided since.
      const { tasks } = await store.readSnapshot(0);
      const last = tasks.find(({ task }) => newest === undefined || task.id === newest.task.id);
      if (last === undefined) throw new RangeError('a run that knows no task has no report');
      const { proposed, ...observed } = await learnOf(last).report();
      const { baseline, incumbent } = valuesNow();
      const spend = await store.readTotalSpend(last.task.id);
      return {
        world: running.world.name,
        seed: running.seed,
        ...tally.build(),
        baseline,
        final: incumbent,
        best: Math.max(baseline, ...proposed.map(truth.valueOf)),
        ...observed,
        shadowRequests: spend.shadowRequests,
        optimizerCalls: spend.optimizerCalls,
        judgeCalls: spend.judgeCalls,
        optimizerTokens: spend.optimizerTokens,
        usd: spend.usd,
      };
    },
  };
}
