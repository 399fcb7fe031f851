import { Hono } from 'hono';
import type { Clock } from '../domain/clock.ts';
import { dayOf } from '../domain/spend.ts';
import type { Store } from '../store/store.ts';
import { adminGuard } from './admin-guard.ts';
import { problem, problemOf } from './problem.ts';
import { checkReadiness, type ReadyProbe } from './readiness.ts';
import { describeTask, summarise } from './task-view.ts';

/** What the control plane looks at. It changes nothing. */
export interface ConsoleDeps {
  readonly store: Pick<
    Store,
    | 'readSnapshot'
    | 'readTask'
    | 'readCampaigns'
    | 'readGateState'
    | 'readWatchEvents'
    | 'readSpend'
    | 'readTotalSpend'
  >;
  readonly clock: Clock;
  /** `null` only on loopback: everyone on this machine may read. */
  readonly adminToken: string | null;
  readonly metricsText: () => Promise<string>;
  readonly probes: readonly ReadyProbe[];
  /** Whether anything is proposed, in a sentence. */
  readonly learning: { readonly isOn: boolean; readonly reason: string };
}

/**
 * `/healthz` (the process lives), `/readyz` (traffic may be sent here), `/metrics` (Prometheus) and `/api/tasks`. Metrics
 * need the admin token too, since names of automatic tasks come from prompts.
 */
export function createConsole(deps: ConsoleDeps): Hono {
  const app = new Hono();
  const { store } = deps;
  const guard = adminGuard(deps.adminToken);
  app.onError((error, context) => problemOf(context, error));

  app.get('/healthz', (context) => context.json({ status: 'alive' }));
  app.get('/readyz', async (context) => {
    const checks = await checkReadiness(deps.probes);
    const isReady = checks.every(({ isOk }) => isOk);
    return context.json({ status: isReady ? 'ready' : 'not-ready', checks }, isReady ? 200 : 503);
  });
  app.get('/metrics', guard, async (context) =>
    context.body(await deps.metricsText(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  );
  app.use('/api/*', guard);
  app.get('/api/tasks', async (context) => {
    const { tasks } = await store.readSnapshot(0);
    return context.json({ learning: deps.learning, tasks: tasks.map(summarise) });
  });
  app.get('/api/tasks/:id', async (context) => {
    const taskId = context.req.param('id');
    const snapshot = await store.readTask(taskId);
    if (snapshot === undefined) return problem(context, 'not_found', `there is no task "${taskId}"`);
    const [campaigns, gateState, watchEvents, today, total] = await Promise.all([
      store.readCampaigns(taskId, 'all'),
      store.readGateState(taskId),
      store.readWatchEvents(taskId),
      store.readSpend(taskId, dayOf(deps.clock.now())),
      store.readTotalSpend(taskId),
    ]);
    return context.json(
      describeTask(snapshot, { campaigns, gateState, watchEvents, spend: { today, total } }),
    );
  });
  app.notFound((context) =>
    problem(
      context,
      'not_found',
      `there is no ${context.req.method} ${context.req.path}; OpenAI clients use the base URL ending in /v1`,
    ),
  );
  return app;
}
