import type { Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { foreign, isForeign, type Admission } from '../admin-guard.ts';
import { tokenOf } from '../admin-token.ts';
import type { ConsoleEnv } from '../actor.ts';
import { issueSession, sessionCookieAt, sessionMs } from '../session.ts';
import { failure } from './failure.ts';
import { guarded } from './guarded.ts';
import type { PageView } from './console-page.ts';
import { originOf } from './origin.ts';
import { ownPlace } from './own-place.ts';
import type { Present } from './present.ts';
import { readForm } from './read-form.ts';

const path = '/console/sign-in';

/** Where a session is sent to; the proxy never sees it. */
const cookiePaths = ['/console', '/api'];

/** Where to sign in, to go on to the page at `url` then. */
export function signInPath(url?: string): string {
  if (url === undefined) return path;
  const { pathname, search } = new URL(url);
  return pathname === '/console'
    ? path
    : `${path}?${new URLSearchParams({ to: pathname + search }).toString()}`;
}

/** Lets somebody exchange an admin token for a session, and end it. */
export function mountSignIn(app: Hono<ConsoleEnv>, { tokens, clock }: Admission, present: Present): void {
  app.get(path, async (context) => present(context, signInForm(placeOf(context.req.query('to')), null)));
  app.post(path, async (context) => {
    if (isForeign(context)) return present(context, failure('forbidden', foreign.reason), 403);
    return guarded(context, present, async () => {
      const form = await readForm(context.req.raw);
      const to = placeOf(form['to']);
      const token = tokenOf((form['token'] ?? '').trim(), tokens);
      if (token === undefined)
        return present(context, signInForm(to, 'This is none of the tokens of this server.'), 401);
      const isSecure = originOf(context).startsWith('https:');
      for (const cookiePath of cookiePaths)
        setCookie(context, sessionCookieAt(context.req.header('host')), issueSession(token, clock), {
          path: cookiePath,
          httpOnly: true,
          sameSite: 'Lax',
          secure: isSecure,
          maxAge: sessionMs / 1000,
        });
      return context.redirect(to, 303);
    });
  });
  app.post('/console/sign-out', async (context) => {
    if (isForeign(context)) return present(context, failure('forbidden', foreign.reason), 403);
    const cookie = sessionCookieAt(context.req.header('host'));
    for (const cookiePath of cookiePaths) deleteCookie(context, cookie, { path: cookiePath });
    return context.redirect(path, 303);
  });
}

/** Where to go on to: a page of this console, whatever is given. */
function placeOf(to: string | undefined): string {
  const { pathname, search } = ownPlace(to);
  return pathname + search;
}

function signInForm(to: string, fault: string | null): PageView {
  return {
    title: 'Sign in',
    body: html`<section class="sign-in card">
      <h1>Sign in</h1>
      <p>The console of this server opens with an admin token.</p>
      ${fault === null ? '' : html`<p class="notice" data-tone="bad" role="alert">${fault}</p>`}
      <form method="post" action="${path}" class="stack">
        <input type="hidden" name="to" value="${to}" />
        <label for="token">Admin token</label>
        <input id="token" name="token" type="password" required autocomplete="current-password" autofocus />
        <button class="button primary">Sign in</button>
      </form>
      <p class="muted">
        It is one of <code>RATCHET_ADMIN_TOKEN</code> and <code>RATCHET_ADMIN_TOKENS</code>, which the server
        was started with. A session lasts 12 hours.
      </p>
    </section>`,
  };
}
