import type { Logger } from '../domain/logger.ts';
import { startLoop } from '../runtime/loop.ts';
import type { LeaseStore } from '../store/lease-store.ts';
import { leaseToTake, look, type LeaseView } from './lease-step.ts';

/** Whether this process does a work that only one may do at a time. */
export interface Leadership {
  readonly isHeld: () => boolean;
  /** Gives the work up, so that another process can take it at once. */
  readonly stop: () => Promise<void>;
}

export interface LeadershipSettings {
  /** The work. */
  readonly name: string;
  /** Names this process, unlike any other. */
  readonly holder: string;
  readonly logger: Logger;
  /** A watch that only goes forward, milliseconds; default: the process's own. */
  readonly stopwatch?: () => number;
  /** How long a holder may be silent before another takes over, milliseconds; default 15,000. */
  readonly patienceMs?: number;
}

/** For a work that nobody else could do. */
export const alone: Leadership = { isHeld: () => true, stop: async () => {} };

const patienceMsDefault = 15_000;

/** Signs of life within the patience of the others. */
const beatsPerPatience = 5;

/** A holder that could not renew believes in its lease for this share of the others' patience, and no longer. */
const beliefShare = 2 / 3;

/**
 * Holds a lease, or stands by until its holder is gone. At most one process believes to hold it at any time, as long as
 * their watches run at the same speed within a half; whatever a late step still writes is checked against what it was
 * decided from, as every step is.
 */
export function lead(
  store: LeaseStore,
  { name, holder, logger, stopwatch, patienceMs = patienceMsDefault }: LeadershipSettings,
): Leadership {
  const now = stopwatch ?? (() => performance.now());
  let view: LeaseView | undefined;
  let believedUntilMs = Number.NEGATIVE_INFINITY;
  let wasHeld = false;
  const isHeld = (): boolean => now() < believedUntilMs;
  const tell = (): void => {
    if (isHeld() === wasHeld) return;
    wasHeld = isHeld();
    logger.info(wasHeld ? 'lease-taken' : 'lease-lost', { lease: name });
  };
  const beat = async (): Promise<void> => {
    const askedAtMs = now();
    try {
      view = look(view, await store.readLease(name), now());
      const wanted = leaseToTake(view, { name, holder, patienceMs }, now());
      if (wanted === undefined) believedUntilMs = Number.NEGATIVE_INFINITY;
      else if (await store.takeLease(wanted, view.lease)) {
        view = { lease: wanted, sinceMs: now() };
        // Others count from when they see the beat, which is not before it was asked for.
        believedUntilMs = askedAtMs + patienceMs * beliefShare;
      }
    } finally {
      tell();
    }
  };
  const intervalMs = patienceMs / beatsPerPatience;
  const beating = startLoop(beat, { name: 'lease', intervalMs, backoffMsMax: intervalMs, logger });
  return {
    isHeld,
    stop: async () => {
      await beating.stop();
      const held = view?.lease;
      if (!isHeld() || held === undefined) return;
      believedUntilMs = Number.NEGATIVE_INFINITY;
      // Without a store the others wait out their patience.
      await store.takeLease({ name, holder: '', beat: held.beat + 1 }, held).catch(() => {});
    },
  };
}
