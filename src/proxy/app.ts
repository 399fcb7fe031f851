import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context, type Handler } from 'hono';
import { RatchetError } from '../domain/ratchet-error.ts';
import { apiRoot, pathBelowRoot } from './api-root.ts';
import { createCallers } from './caller.ts';
import { chargeKeys } from './charge-keys.ts';
import { chatFormat } from './chat-format.ts';
import { createDecisionIds } from './decision-id.ts';
import { serveFeedback, type FeedbackServing } from './feedback.ts';
import { sendError } from './openai-error.ts';
import { passThrough } from './pass-through.ts';
import type { ProxyDeps, ProxyEnv } from './proxy-deps.ts';
import { createRecentNames } from './recent-names.ts';
import type { RequestFormat } from './request-format.ts';
import { responsesFormat } from './responses-format.ts';
import { createRouter } from './route.ts';
import { serveCall, type CallServing } from './serve-call.ts';
import { upstreamHeaders } from './upstream-headers.ts';

/** What is routed, by its path below the API's root. */
const formats: Readonly<Record<string, RequestFormat>> = {
  '/chat/completions': chatFormat,
  '/responses': responsesFormat,
};

/**
 * The data plane: chat completions and responses are routed, feedback is taken, and every other path under `/v1` passes
 * through as it is.
 *
 * Hono finds the handler; handlers read Node's own request and write Node's own response, since web streams would cost
 * several times the rest. Needs `@hono/node-server`. Errors are answered here, so that no error handler of the app that
 * this one is mounted in sees them.
 */
export function createProxy(deps: ProxyDeps): Hono<ProxyEnv> {
  const router = chargeKeys(createRouter(deps), deps.keyLimits);
  const callers = createCallers(deps);
  const names = createRecentNames();
  const ids = createDecisionIds(deps.secret);
  const stopwatch = deps.stopwatch ?? (() => performance.now());
  const calls: CallServing = { deps, router, callers, names, ids, stopwatch };
  const { snapshots, isLoopback } = deps;
  const feedback: FeedbackServing = { deps, callers, ids, names, snapshots, isLoopback };

  const app = new Hono<ProxyEnv>();
  for (const [path, format] of Object.entries(formats))
    app.post(
      `${apiRoot}${path}`,
      handle(deps, async (exchange) => serveCall(calls, { format, ...exchange })),
    );
  app.post(
    `${apiRoot}/feedback`,
    handle(deps, async ({ incoming, outgoing }) => serveFeedback(feedback, 'ratchet', incoming, outgoing)),
  );
  app.post(
    '/feedback',
    handle(deps, async ({ incoming, outgoing }) => serveFeedback(feedback, 'gateway', incoming, outgoing)),
  );
  const pass = handle(deps, async ({ path, incoming, outgoing }) => {
    const caller = callers.infer(incoming.headers);
    deps.telemetry.count('ratchet.requests', 1, { kind: 'pass-through' });
    passThrough(deps.relay, { path, ...upstreamHeaders(incoming.rawHeaders, caller) }, incoming, outgoing);
  });
  app.all(`${apiRoot}/*`, pass);
  return app;
}

interface Exchange extends HttpBindings {
  /** Path and query below the API's root. */
  readonly path: string;
}

/** Starts serving and leaves the response to it; what it throws is answered, and never reaches Hono. */
function handle(
  { logger }: Pick<ProxyDeps, 'logger'>,
  serve: (exchange: Exchange) => Promise<void>,
): Handler<ProxyEnv> {
  return (context) => {
    const { incoming, outgoing } = context.env;
    serve({ incoming, outgoing, path: pathOf(context) }).catch((error: unknown) => {
      if (!(error instanceof RatchetError))
        logger.error('request-failed', { error: error instanceof Error ? error.name : typeof error });
      sendError(outgoing, error);
    });
    return RESPONSE_ALREADY_SENT;
  };
}

/**
 * As it stands in the request, unless it has segments that lead upwards: then it is taken from the URL that Hono has
 * normalised and chosen the route by, so that nothing climbs out of the API's root.
 */
function pathOf({ req, env }: Context<ProxyEnv>): string {
  const sent = pathBelowRoot(env.incoming.url ?? '');
  if (sent !== undefined) return sent;
  const { url } = req;
  const start = url.indexOf('/', url.indexOf('//') + 2);
  return url.slice(start + apiRoot.length);
}
