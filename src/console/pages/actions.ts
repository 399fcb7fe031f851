import type { Context, Hono } from 'hono';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ConsoleEnv } from '../actor.ts';
import type { ApiDeps } from '../api/api-deps.ts';
import { assertMay } from '../api/assert-may.ts';
import { operations } from '../api/operations.ts';
import { leaveNotice } from './notice.ts';
import { ownPlace } from './own-place.ts';
import { readForm } from './read-form.ts';

/**
 * Puts each action of the API where a form can send it: `POST /console/…` does what `POST /api/…` does. The fields of the
 * form are the body's, see `bodyOf`; `seen` is the ETag of what the person saw, and `back` the page to go on to, which then says what was done.
 */
export function mountActions(
  app: Hono<ConsoleEnv>,
  deps: ApiDeps,
  fail: (context: Context<ConsoleEnv>, error: unknown) => Promise<Response>,
): void {
  for (const operation of operations) {
    if (operation.spec.method !== 'post') continue;
    const path = operation.spec.path.replace(/^\/api/, '/console').replaceAll(/\{(\w+)\}/g, ':$1');
    app.post(path, async (context) => {
      try {
        const actor = context.get('actor');
        assertMay(actor, operation);
        const { back, seen, ...fields } = await readForm(context.req.raw);
        await operation.run(
          {
            params: context.req.param(),
            query: {},
            body: bodyOf(fields),
            actor,
            ifMatch: seen === undefined || seen === '' ? null : seen,
            lastEventId: null,
            signal: context.req.raw.signal,
          },
          deps,
        );
        leaveNotice(context, operation.spec.id);
        const { pathname, search } = ownPlace(back);
        return context.redirect(pathname + search, 303);
      } catch (error) {
        return fail(context, error);
      }
    });
  }
}

/**
 * The body that the fields of a form stand for. Dots lead into objects and lists (`edits.0.text`), `:number` behind a
 * name makes a number and `:json` reads JSON; a field without text is not there.
 */
export function bodyOf(fields: Readonly<Record<string, string>>): unknown {
  const body: Branch = new Map();
  for (const [field, text] of Object.entries(fields)) {
    if (text.trim() === '') continue;
    const [name = '', kind] = field.split(':');
    const steps = name.split('.');
    const leaf = steps.pop() ?? '';
    let branch = body;
    for (const step of steps) {
      const next = branch.get(step) ?? new Map<string, unknown>();
      if (!(next instanceof Map)) throw new RatchetError('invalid_request', `${field}: stands in two ways`);
      branch.set(step, next);
      branch = next;
    }
    branch.set(leaf, valueOf(text, kind, name));
  }
  return plain(body);
}

type Branch = Map<string, unknown>;

function valueOf(text: string, kind: string | undefined, name: string): unknown {
  if (kind === 'number') return Number(text);
  if (kind !== 'json') return text;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new RatchetError('invalid_request', `${name}: is no JSON`, { param: name });
  }
}

/** Branches whose names are 0, 1, 2 … are lists. */
function plain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  const entries = [...value].map(([name, inner]): [string, unknown] => [String(name), plain(inner)]);
  return entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name))
    ? entries.toSorted(([one], [other]) => Number(one) - Number(other)).map(([, inner]) => inner)
    : Object.fromEntries(entries);
}
