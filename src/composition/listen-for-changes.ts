import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../domain/logger.ts';
import { silentLogger } from '../domain/logger.ts';
import { startLoop, type Loop } from '../runtime/loop.ts';
import type { ChangeListener, Listening } from '../store/kysely/change-listener.ts';

/** Who is told. */
export interface ChangeNews {
  /** Something has changed. */
  readonly onChange: () => void;
  /** Whether changes are told of from now on. */
  readonly onListening: (isOn: boolean) => void;
  readonly logger: Logger;
}

/** Pause before the next attempt to listen, the longest one, and between two proofs that it works, milliseconds. */
const pauses = { retryMs: 200, retryMsMax: 60_000, proofMs: 30_000 };

/** Listens for as long as that works, and tries again whenever it does not; says in the log when either begins. */
export function listenForChanges(
  listen: ChangeListener,
  { onChange, onListening, logger }: ChangeNews,
  { retryMs, retryMsMax, proofMs }: typeof pauses = pauses,
): Loop {
  let wasListening: boolean | undefined;
  const tell = (isListening: boolean, reason: string): void => {
    if (isListening === wasListening) return;
    wasListening = isListening;
    onListening(isListening);
    if (isListening) logger.info('notifications-on', { meaning: 'changes of plans are told of at once' });
    else
      logger.warn('notifications-off', {
        reason,
        meaning: 'changes of plans are asked for ten times a second',
        fix: 'none where the server is away; a pooler has to lend connections by the session',
      });
  };
  const attempt = async (signal: AbortSignal): Promise<void> => {
    try {
      const listening = await listen(onChange);
      tell(true, '');
      await untilDeaf(listening, proofMs, signal);
      await listening.close();
      if (!signal.aborted) tell(false, 'the connection was lost');
    } catch (error) {
      if (!signal.aborted) tell(false, error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
  // It says itself what matters; each attempt at a server that is away does not.
  const logging = { name: 'notifications', logger: silentLogger };
  return startLoop(attempt, { ...logging, intervalMs: retryMs, backoffMsMax: retryMsMax });
}

/** Resolves when nothing is heard any more, or when nobody wants to. */
async function untilDeaf({ ended, prove }: Listening, proofMs: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  void ended.then(() => over.abort());
  signal.addEventListener('abort', () => over.abort(), { once: true });
  if (signal.aborted) over.abort();
  while (!isOver()) {
    await delay(proofMs, undefined, { signal: over.signal, ref: false }).catch(() => {});
    if (!isOver()) await prove().catch(() => over.abort());
  }
}
