import type { ChangeLog } from '../../store/change-log.ts';

/** Tells streams when there is something new, by one look at the store for all of them. */
export interface ChangeFeed {
  /**
   * Resolves to `changed` when a change was committed since the last look, to `idle` when nothing was for so long, and to
   * `ended` when the signal is aborted or the feed stopped.
   */
  readonly next: (signal: AbortSignal, idleMs: number) => Promise<'changed' | 'idle' | 'ended'>;
  /** Counts a stream in, until its client is gone; `false` where there are as many as may be. */
  readonly enter: (gone: AbortSignal) => boolean;
}

/** Streams at a time. */
const streamsMax = 100;

/** Looks at the store only while somebody waits, every `intervalMs`. */
export function createChangeFeed(
  store: Pick<ChangeLog, 'newestChange'>,
  stopping: AbortSignal,
  intervalMs: number = 1000,
): ChangeFeed {
  const waiting = new Set<(outcome: 'changed' | 'ended') => void>();
  let streams = 0;
  let newest: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const wake = (outcome: 'changed' | 'ended'): void => {
    for (const resolve of waiting) resolve(outcome);
    waiting.clear();
  };
  const look = async (): Promise<void> => {
    // A store that cannot be reached has nothing new; the next look may.
    const found = await store.newestChange().catch(() => newest);
    timer = undefined;
    // The first look knows nothing of what was before: whoever waits looks for itself once.
    if (found !== newest) wake('changed');
    newest = found;
    schedule();
  };
  const schedule = (): void => {
    if (timer !== undefined || waiting.size === 0 || stopping.aborted) return;
    timer = setTimeout(() => void look(), intervalMs);
  };
  stopping.addEventListener('abort', () => {
    clearTimeout(timer);
    wake('ended');
  });

  return {
    enter: (gone) => {
      if (gone.aborted || streams >= streamsMax) return false;
      streams += 1;
      gone.addEventListener('abort', () => void (streams -= 1), { once: true });
      return true;
    },
    next: async (signal, idleMs) => {
      if (signal.aborted || stopping.aborted) return 'ended';
      const { promise, resolve } = Promise.withResolvers<'changed' | 'idle' | 'ended'>();
      const end = (): void => resolve('ended');
      const idle = setTimeout(() => resolve('idle'), idleMs);
      waiting.add(resolve);
      signal.addEventListener('abort', end);
      schedule();
      try {
        return await promise;
      } finally {
        clearTimeout(idle);
        waiting.delete(resolve);
        signal.removeEventListener('abort', end);
      }
    },
  };
}
