import { banditFold } from '../bandit/fold.ts';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { ChatMessage, ChatRequest, Completion } from '../domain/chat.ts';
import type { Edit } from '../domain/edit.ts';
import { silentLogger } from '../domain/logger.ts';
import type { ServingPlan } from '../domain/plan.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';
import type { RouteOutcome } from './complete-decision.ts';
import { createRouter, type Router, type RouterDeps } from './route.ts';
import type { Route, RoutedRoute } from './route-result.ts';

/** A router with a store behind it, as tests drive it. */
export interface RouterWorld {
  readonly router: Router;
  readonly store: Store;
  readonly counts: ReadonlyMap<string, number>;
  readonly clock: { now: () => number; ms: number };
  /** Lets the router see what the store has. */
  readonly refresh: () => Promise<void>;
  readonly ask: (request: AgentRequest, headers?: Headers, scope?: string) => Promise<Route>;
  /** Asks, answers and completes. */
  readonly serve: (
    request: AgentRequest,
    headers?: Headers,
    answer?: string,
    ids?: AnswerIds,
  ) => Promise<RoutedRoute>;
  /** Gives a task a plan whose only traffic goes to one edited variant, or changes its plan. */
  readonly setPlan: (taskId: string, change: PlanChange) => void;
  readonly snapshot: (taskId: string) => TaskSnapshot | undefined;
}

/** Ids that upstream gives an answer. */
export type AnswerIds = Partial<Pick<RouteOutcome, 'completionId' | 'callIds' | 'itemIds'>>;

export type Headers = Readonly<Record<string, string>>;

export interface PlanChange {
  readonly variants: readonly Variant[];
  readonly probabilities: Readonly<Record<string, number>>;
  readonly cause?: ServingPlan['cause'];
  readonly incumbentId?: string;
  readonly version?: number;
  readonly pinnedId?: string;
}

export const addressedEdit: Edit = { op: 'insert', text: 'Be brief.', intent: 'brevity' };

/** A chat with a prompt and one question. */
export function chat(
  prompt: string | null,
  question = 'hello',
  more: readonly ChatMessage[] = [],
): ChatRequest {
  return {
    model: 'm',
    messages: [
      ...(prompt === null ? [] : [{ role: 'system', content: prompt }]),
      { role: 'user', content: question },
      ...more,
    ],
  };
}

/** An answer; with ids of tool calls one that calls nothing but `f`. */
function completionOf(text: string, callIds: readonly string[]): Completion {
  const toolCalls = callIds.map(() => ({ name: 'f', arguments: '{}' }));
  return { text, toolCalls, finishReason: 'stop', refusal: null };
}

export function outcomeOf(text: string, status = 200, ids: AnswerIds = {}): RouteOutcome {
  return {
    completionId: 'c1',
    model: 'm',
    status,
    usage: null,
    isUsageEstimated: false,
    completion: completionOf(text, ids.callIds ?? []),
    latencyMs: 1,
    firstByteMs: 1,
    costUsd: null,
    traceId: null,
    recordedRequest: null,
    ...ids,
  };
}

export interface WorldSettings {
  readonly configs?: Readonly<Record<string, TaskConfig>>;
  readonly deps?: Partial<RouterDeps>;
  readonly store?: Partial<Store>;
}

export function createRouterWorld({
  configs = {},
  deps = {},
  store: broken = {},
}: WorldSettings = {}): RouterWorld {
  const clock = { ms: 1_800_000_000_000, now: () => clock.ms };
  const random = createSeededRandom(7);
  const store: Store = { ...createMemoryStore({ fold: banditFold, clock, random }), ...broken };
  const known = new Map<string, TaskSnapshot>();
  const counts = new Map<string, number>();
  const router = createRouter({
    snapshots: { get: (taskId) => known.get(taskId), all: () => known.values() },
    store,
    configOf: (name) => configs[name] ?? defaultTaskConfig,
    clock,
    random,
    logger: silentLogger,
    telemetry: { count: (name, value) => void counts.set(name, (counts.get(name) ?? 0) + value) },
    secret: 'secret',
    isLoopback: true,
    areTasksAutomatic: true,
    ...deps,
  });
  const ask: RouterWorld['ask'] = async (request, headers = {}, scope = 'local') =>
    router.route({ request, header: (name) => headers[name], scope });
  return {
    router,
    store,
    counts,
    clock,
    refresh: async () => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      for (const task of (await store.readSnapshot(0)).tasks) known.set(task.task.id, task);
    },
    ask,
    serve: async (request, headers, answer = 'ok', ids = {}) => {
      const route = await ask(request, headers);
      if (route.kind !== 'routed') throw new Error(`${route.kind}, not routed`);
      const decision = router.complete(route, outcomeOf(answer, 200, ids));
      await store.recordDecisions([decision]).catch(() => {});
      return route;
    },
    setPlan: (taskId, { variants, probabilities, cause, incumbentId, version, pinnedId }) => {
      const old = known.get(taskId);
      if (old === undefined) throw new Error('unknown task');
      const plan: ServingPlan = {
        ...old.plan,
        ...(pinnedId === undefined ? {} : { pinnedId }),
        version: version ?? old.plan.version + 1,
        cause: cause ?? { kind: 'canary-started', campaignId: 'campaign' },
        incumbentId: incumbentId ?? 'baseline',
        arms: Object.keys(probabilities).map((variantId) => ({
          variantId,
          status: variantId === 'baseline' ? 'baseline' : 'canary',
          cap: 1,
        })),
      };
      known.set(taskId, {
        ...old,
        plan,
        variants: [makeVariant(taskId, plan.baselineVersion, []), ...variants],
        routing: { ...old.routing, planVersion: plan.version, probabilities },
      });
    },
    snapshot: (taskId) => known.get(taskId),
  };
}
