import type { AgentRequest } from '../../domain/agent-request.ts';
import type { Clock } from '../../domain/clock.ts';
import type { DecisionRef } from '../../domain/decision.ts';
import type { Feedback } from '../../domain/feedback.ts';
import { silentLogger } from '../../domain/logger.ts';
import { costUsd, type Price } from '../../domain/price.ts';
import type { Random } from '../../domain/random.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { TaskConfig } from '../../domain/task.ts';
import type { Variant } from '../../domain/variant.ts';
import { sentRequest } from '../../proxy/rewrite.ts';
import { createRouter, type Router } from '../../proxy/route.ts';
import type { RoutedRoute } from '../../proxy/route-result.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';
import { silentTelemetry } from '../../telemetry/telemetry.ts';
import type { PlannedFeedback } from '../../upstream/simulated/feedback-plan.ts';
import type { SimulatedAnswer } from '../../upstream/simulated/simulated-model.ts';

/** The data plane without HTTP: the same routing, and what surrounds it done at once. */
export interface SimulatedProxy {
  readonly serve: (body: AgentRequest, episode: string | null) => Promise<Served>;
  /** What the agent thinks of an answer, as the feedback endpoint would store it. */
  readonly feedbackOn: (served: Served, planned: PlannedFeedback, atMs: number) => Feedback;
  /** Brings the snapshot that is served from up to date. */
  readonly refresh: () => Promise<void>;
  readonly snapshotOf: (taskId: string) => TaskSnapshot | undefined;
}

export interface Served {
  readonly ref: DecisionRef;
  readonly variant: Variant | undefined;
  readonly answer: SimulatedAnswer;
}

export interface SimulatedProxyDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly taskName: string;
  readonly config: TaskConfig;
  readonly price: Price;
  /** The model behind the proxy. */
  readonly answer: (request: AgentRequest) => SimulatedAnswer;
}

const scope = 'local';

/** A proxy that has served nothing yet. */
export function createSimulatedProxy(deps: SimulatedProxyDeps): SimulatedProxy {
  const { store, clock, price, answer } = deps;
  const tasks = new Map<string, TaskSnapshot>();
  let revision = 0;
  const router = createRouter({
    store,
    snapshots: { get: (taskId) => tasks.get(taskId), all: () => tasks.values() },
    configOf: () => deps.config,
    clock,
    random: deps.random,
    logger: silentLogger,
    telemetry: silentTelemetry,
    secret: 'simulated',
    areTasksAutomatic: true,
    isLoopback: true,
  });
  return {
    serve: async (body, episode) => {
      const route = await routeOf(router, body, {
        'x-ratchet-task': deps.taskName,
        'x-ratchet-episode': episode,
      });
      const given = answer(sentRequest(route));
      const decision = router.complete(route, {
        model: body.model,
        status: 200,
        completionId: null,
        completion: given.completion,
        recordedRequest: body,
        usage: given.usage,
        isUsageEstimated: false,
        latencyMs: given.latencyMs,
        firstByteMs: null,
        costUsd: costUsd(given.usage, price),
        traceId: null,
      });
      await store.recordDecisions([decision]);
      const { taskId, variantId } = route.ref;
      const variant =
        tasks.get(taskId)?.variants.find(({ id }) => id === variantId) ??
        (await store.readVariant(taskId, variantId));
      return { ref: route.ref, variant, answer: given };
    },
    feedbackOn: ({ ref }, planned, atMs) => ({
      target: planned.episode === null ? { kind: 'decision', ref } : { kind: 'name', name: ref.episodeId },
      body: {
        metric: planned.metric,
        value: planned.value,
        comment: planned.comment,
        expected: planned.expected,
      },
      key: `feedback-${planned.request}`,
      source: 'agent',
      scope,
      tags: {},
      atMs,
    }),
    refresh: async () => {
      const snapshot = await store.readSnapshot(revision);
      for (const task of snapshot.tasks) tasks.set(task.task.id, task);
      ({ revision } = snapshot);
    },
    snapshotOf: (taskId) => tasks.get(taskId),
  };
}

async function routeOf(
  router: Router,
  request: AgentRequest,
  headers: Readonly<Record<string, string | null>>,
): Promise<RoutedRoute> {
  const route = await router.route({ request, header: (name) => headers[name] ?? undefined, scope });
  if (route.kind === 'routed') return route;
  throw new RatchetError('internal', `a request of the world's agent was ${route.kind}`);
}
