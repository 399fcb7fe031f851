import type { Logger } from '../domain/logger.ts';
import type { KeyLimits } from '../proxy/key-limits.ts';
import type { KeyUseStore } from '../proxy/key-use.ts';
import { startLoop, type Loop } from '../runtime/loop.ts';

/** Limits of keys that outlive a restart. */
export interface SavedKeyLimits {
  /** Resolves once what was used before the start is known, or could not be learned at the first attempt. */
  readonly known: Promise<void>;
  /** Saves what was used until now, and saves no more. Never rejects. */
  readonly stop: () => Promise<void>;
}

/** What saving works with. */
export interface KeyLimitSaving {
  readonly store: KeyUseStore;
  /** Resolves when the store can be asked. */
  readonly opened: Promise<void>;
  readonly logger: Logger;
}

/** Pause between two savings, and the longest one while the store is away, milliseconds. */
const saveMs = 2_000;
const saveMsMax = 30_000;

/** How long the last saving may take, milliseconds. */
const lastSaveMsMax = 2_000;

/** Saves what keys use by and by, from when the store is open. */
export function saveKeyLimits(
  limits: Pick<KeyLimits, 'save'>,
  { store, opened, logger }: KeyLimitSaving,
): SavedKeyLimits {
  const known = Promise.withResolvers<void>();
  let loop: Loop | undefined;
  void opened.then(() => {
    loop = startLoop(() => limits.save(store).finally(known.resolve), {
      name: 'key-limits',
      intervalMs: saveMs,
      backoffMsMax: saveMsMax,
      logger,
    });
  });
  return {
    known: known.promise,
    stop: async () => {
      if (loop === undefined) return;
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, lastSaveMsMax);
      const saved = loop.stop().then(() => limits.save(store));
      await Promise.race([saved, late.promise]).catch(() => logger.warn('key-limits-not-saved'));
      clearTimeout(timer);
    },
  };
}
