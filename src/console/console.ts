import { Hono } from 'hono';
import type { AdminToken } from '../domain/admin-token.ts';
import type { ConsoleEnv } from './actor.ts';
import { adminGuard } from './admin-guard.ts';
import type { ApiDeps } from './api/api-deps.ts';
import { createChangeFeed } from './api/change-feed.ts';
import { mountOperations } from './api/mount.ts';
import { openApiDocument } from './api/openapi.schema.ts';
import { operations } from './api/operations.ts';
import { mountPages } from './pages/mount.ts';
import { problem, problemOf } from './problem.ts';
import { checkReadiness, type ReadyProbe } from './readiness.ts';

/** What the control plane works with. */
export interface ConsoleDeps extends Omit<ApiDeps, 'feed'> {
  /** None only on loopback: everyone on this machine is an operator. */
  readonly adminTokens: readonly AdminToken[];
  /** Of this software. */
  readonly version: string;
  readonly metricsText: () => Promise<string>;
  readonly probes: readonly ReadyProbe[];
  /** Pause between two looks for changes to stream, milliseconds; default 1,000. */
  readonly lookMs?: number;
}

/**
 * `/healthz` (the process lives), `/readyz` (traffic may be sent here), `/metrics` (Prometheus), `/api` and `/console`. Metrics need
 * an admin token too, since names of automatic tasks come from prompts.
 */
export function createConsole(deps: ConsoleDeps): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  const admission = { tokens: deps.adminTokens, clock: deps.clock };
  const guard = adminGuard(admission);
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
  const feed = createChangeFeed(deps.store, deps.stopping, deps.lookMs);
  const apiDeps = { ...deps, feed };
  mountOperations(app, operations, apiDeps);
  mountPages(app, apiDeps, admission);
  let document: string | undefined;
  app.get('/api/openapi.json', (context) => {
    document ??= JSON.stringify(openApiDocument(operations, deps.version));
    return context.body(document, 200, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
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
