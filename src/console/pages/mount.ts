import type { Hono, MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { askerOf, foreign, isForeign, isReading, type Admission } from '../admin-guard.ts';
import type { Actor, ConsoleEnv } from '../actor.ts';
import type { ApiDeps } from '../api/api-deps.ts';
import { mountAssets } from '../assets.ts';
import { mountActions } from './actions.ts';
import { askOf } from './ask.ts';
import { failure } from './failure.ts';
import { guarded } from './guarded.ts';
import { layout } from './layout.ts';
import type { Html } from './console-page.ts';
import { takeNotice } from './notice.ts';
import { originOf } from './origin.ts';
import { pages } from './pages.ts';
import type { Present } from './present.ts';
import { mountSignIn, signInPath } from './sign-in.ts';

/**
 * What a browser may do with a page of the console: load and call nothing but this server, run no script and take no
 * style that stands in the page itself, and never show it inside another page.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Puts the pages of the console, their actions and their files at `/console`. */
export function mountPages(app: Hono<ConsoleEnv>, deps: ApiDeps, admission: Admission): void {
  mountAssets(app);
  app.use('/console/*', compress());
  app.use('/console', compress());
  app.use('/console/*', secured);
  app.use('/console', secured);
  const present = presenter(deps, admission);
  mountSignIn(app, admission, present);
  app.use('/console/*', pageGuard(admission, present));
  app.use('/console', pageGuard(admission, present));
  for (const page of pages)
    app.get(page.path, async (context) =>
      guarded(context, present, async () => {
        const { req } = context;
        const actor = context.get('actor');
        const ask = askOf(deps, actor, req.raw.signal);
        const nowMs = deps.clock.now();
        const view = await page.show({
          params: req.param(),
          query: req.query(),
          actor,
          deps,
          ask,
          nowMs,
          origin: originOf(context),
        });
        return 'redirectTo' in view ? context.redirect(view.redirectTo, 303) : present(context, view);
      }),
    );
  mountActions(app, deps, async (context, error) => guarded(context, present, () => Promise.reject(error)));
  app.get('/console/*', (context) =>
    present(context, failure('not_found', `there is no page ${context.req.path}`), 404),
  );
}

function presenter({ learning }: ApiDeps, { tokens }: Admission): Present {
  return async (context, view, status = 200) => {
    const actor: Actor | undefined = context.get('actor');
    const page: Html = layout(view, {
      actor: actor ?? null,
      hasSessions: tokens.length > 0,
      learning,
      notice: takeNotice(context),
      path: context.req.path,
    });
    const text = String(await page);
    const headers = new Headers(context.res.headers);
    headers.set('content-type', 'text/html; charset=utf-8');
    return new Response(text, { status, headers });
  };
}

const secured: MiddlewareHandler<ConsoleEnv> = async (context, next) => {
  await next();
  if (context.req.path.startsWith('/console/assets/')) return;
  const { headers } = context.res;
  headers.set('content-security-policy', policy);
  headers.set('x-frame-options', 'DENY');
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'same-origin');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cache-control', 'no-store');
};

/** Lets who has signed in pass, and everyone else sign in. A link from elsewhere may lead here, but do nothing. */
function pageGuard(admission: Admission, present: Present): MiddlewareHandler<ConsoleEnv> {
  return async (context, next) => {
    const isLink = isReading(context) && context.req.header('sec-fetch-mode') === 'navigate';
    const asker = isForeign(context) && !isLink ? foreign : askerOf(context, admission);
    if (asker.kind === 'known') {
      context.set('actor', asker.actor);
      return next();
    }
    if (asker.kind === 'forbidden') return present(context, failure('forbidden', asker.reason), 403);
    return context.redirect(signInPath(isReading(context) ? context.req.url : undefined), 303);
  };
}
