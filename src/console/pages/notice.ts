import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { isReading } from '../admin-guard.ts';

/** What is said when an action has been done, by the id of its operation. */
const notices: Readonly<Record<string, string>> = {
  pauseLearning: 'Learning stands still. What serves goes on.',
  resumeLearning: 'Learning goes on.',
  pinVariant: 'The variant takes all traffic now.',
  unpin: 'The bandit divides the traffic again.',
  rollBack: 'The earlier plan serves again.',
  propose: 'The gate tests the proposal.',
  approve: 'Approved. The gate admits it in its next cycle.',
  reject: 'Rejected.',
  promote: 'Promoted by hand.',
  forget: 'The words are gone.',
};

/** Says on the next page what was done. A cookie, not the address: no link from elsewhere can have it said. */
const noticeCookie = 'ratchet_done';
const path = '/console';

/** Leaves word of what was done for the page that comes next. */
export function leaveNotice(context: Context, done: string): void {
  setCookie(context, noticeCookie, done, { path, httpOnly: true, sameSite: 'Strict', maxAge: 60 });
}

/** What was just done, in words, said once; `null`: nothing. */
export function takeNotice(context: Context): string | null {
  const done = getCookie(context, noticeCookie);
  if (done === undefined || !isReading(context)) return null;
  deleteCookie(context, noticeCookie, { path });
  return Object.hasOwn(notices, done) ? (notices[done] ?? null) : null;
}
