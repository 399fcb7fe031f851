import type { RecordedChange } from '../../domain/change-event.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ApiDeps } from './api-deps.ts';
import { changeSchema, eventsQuery } from './log.schema.ts';
import { operation, type Operation } from './operation.schema.ts';

/** Pause after which a stream without changes shows that it lives, milliseconds. */
const heartbeatMs = 15_000;

/** Pause that clients make before they connect anew, milliseconds. */
const retryMs = 2000;

/** Changes that are read at a time. */
const changesMax = 200;

/** Changes as they happen. */
export const eventOperations: readonly Operation[] = [
  operation({
    id: 'streamChanges',
    method: 'get',
    path: '/api/events',
    tag: 'Logs',
    summary: 'Changes as they are committed, by server-sent events',
    description:
      'The name of an event is its kind, its id the position in the log; `ready` comes first and names the newest one. `Last-Event-ID` goes on after a position, without a gap as long as the log is kept.',
    role: 'viewer',
    query: eventsQuery,
    result: changeSchema,
    mediaType: 'text/event-stream',
    handle: async ({ query: { task }, lastEventId, signal }, deps) => {
      if (!deps.feed.enter(signal))
        throw new RatchetError('rate_limit_exceeded', 'too many streams are open', { isRetryable: true });
      const newest = await deps.store.newestChange();
      const seen = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : newest;
      // A place that is not there yet is one of another database.
      const after = Math.min(seen, newest);
      return { kind: 'stream', chunks: follow({ after, taskId: task, signal }, deps) };
    },
  }),
];

interface Following {
  readonly after: number;
  readonly taskId: string | undefined;
  readonly signal: AbortSignal;
}

async function* follow(
  { after, taskId, signal }: Following,
  { store, feed }: Pick<ApiDeps, 'store' | 'feed'>,
): AsyncGenerator<string> {
  yield `retry: ${retryMs}\nid: ${after}\nevent: ready\ndata: ${JSON.stringify({ newest: after })}\n\n`;
  let place = after;
  for (;;) {
    // A store that cannot be reached now is asked again; the stream need not end for it.
    const changes = await store
      .readChanges({
        after: place,
        limit: changesMax,
        ...(taskId === undefined ? {} : { taskId }),
      })
      .catch((): readonly RecordedChange[] => []);
    if (changes.length > 0) yield changes.map(eventOf).join('');
    place = changes.at(-1)?.position ?? place;
    if (changes.length === changesMax) continue;
    const outcome = await feed.next(signal, heartbeatMs);
    if (outcome === 'ended') return;
    if (outcome === 'idle') yield ': nothing new\n\n';
  }
}

/** JSON has no line breaks, so that no text in it can end an event or begin another. */
function eventOf(change: RecordedChange): string {
  return `id: ${change.position}\nevent: ${change.kind}\ndata: ${JSON.stringify(change)}\n\n`;
}
