import { banditFold } from '../../bandit/fold.ts';
import { silentLogger } from '../../domain/logger.ts';
import type { TaskConfig } from '../../domain/task.ts';
import { runGateCycle } from '../../gate/cycle.ts';
import { runLearnerCycle } from '../../learner/cycle.ts';
import { createLearnerMemory } from '../../learner/learner-memory.ts';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { createMemoryStore } from '../../store/memory/memory-store.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';
import { silentTelemetry } from '../../telemetry/telemetry.ts';
import type { PlannedFeedback } from '../../upstream/simulated/feedback-plan.ts';
import { judgeModelName, optimizerModelName } from '../../upstream/simulated/model-names.ts';
import { startWorld } from '../../upstream/simulated/running-world.ts';
import type { World } from '../../upstream/simulated/world.ts';
import { createFeedbackQueue } from './feedback-queue.ts';
import type { RunEvent } from './run-observer.ts';
import type { RunReport } from './run-report.ts';
import { createSimulatedProxy, type Served } from './simulated-proxy.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { watchRun } from './watch-run.ts';
import { taskConfigOf } from './world-task.ts';

/** What to simulate. */
export interface Simulation {
  readonly world: World;
  readonly seed: number;
  /** Live requests of the agent. */
  readonly requests: number;
  /** Called with the number of requests so far and what the gate has just changed. */
  readonly onProgress?: (requests: number, events: readonly RunEvent[]) => void;
  /** Called with each request's number and the snapshot that it was served from. */
  readonly onRequest?: (request: number, snapshot: TaskSnapshot | undefined) => void;
  /** Wraps the store, for whoever wants to see what is written, or to read it when the run is over. Default: as it is. */
  readonly wrapStore?: (store: Store) => Store;
  /** Changes the task's configuration, for whoever compares some. Default: the world's own. */
  readonly configure?: (config: TaskConfig) => TaskConfig;
}

/** Live requests from one cycle of each worker to the next. */
const gateEvery = 25;
const learnerEvery = 50;
const sweepEvery = 100;

/** The virtual clock starts here, so that a run does not depend on today. */
const startMs = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;

/**
 * The whole loop on a virtual clock: the same routing, store, bandit, learner and gate as in production, without HTTP.
 * Equal simulations give equal reports, to the byte.
 */
export async function simulateWorld({
  world,
  seed,
  requests,
  onProgress,
  onRequest,
  wrapStore = (store) => store,
  configure = (config) => config,
}: Simulation): Promise<RunReport> {
  const running = startWorld(world, seed);
  const clock = createVirtualClock(startMs);
  const random = createSeededRandom(seed);
  const store = wrapStore(createMemoryStore({ fold: banditFold, clock, random }));
  const workers = {
    store,
    model: running.model,
    clock,
    random,
    logger: silentLogger,
    telemetry: silentTelemetry,
    priceOf: () => world.prices,
    optimizerModelName,
    judgeModelName,
    memory: createLearnerMemory(),
  };
  const proxy = createSimulatedProxy({
    store,
    clock,
    random,
    taskName: world.name,
    config: configure(taskConfigOf(world)),
    price: world.prices,
    answer: running.answer,
  });
  const queue = createFeedbackQueue<{ readonly served: Served; readonly planned: PlannedFeedback }>();
  const watching = watchRun(running, store, requests);

  for (let request = 0; request < requests; request += 1) {
    clock.set(startMs + Math.floor((request * dayMs) / world.requestsPerDay));
    const asked = running.agent.nextRequest();
    const served = await proxy.serve(asked.body, asked.episode);
    const snapshot = proxy.snapshotOf(served.ref.taskId);
    watching.served(request, served.variant, snapshot);
    onRequest?.(request, snapshot);
    const planned = running.agent.feedbackFor(asked, served.answer);
    if (planned !== undefined) queue.add(planned.dueAtRequest, { served, planned });

    const due = queue.takeDue(request).map((one) => proxy.feedbackOn(one.served, one.planned, clock.now()));
    if (due.length > 0) await store.recordFeedback(due);
    watching.feedback(due.length);
    if (isTurn(request, learnerEvery)) await runLearnerCycle(workers);
    if (isTurn(request, gateEvery)) {
      await runGateCycle(workers);
      const events = await watching.observe(request + 1);
      onProgress?.(request + 1, events);
    }
    if (isTurn(request, sweepEvery)) await store.sweep(clock.now());
    await proxy.refresh();
  }
  return await watching.report();
}

function isTurn(request: number, every: number): boolean {
  return request % every === every - 1;
}
