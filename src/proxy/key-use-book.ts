import { dayOf } from '../domain/spend.ts';
import { addUse, noUse, readUse, saveUse, type KeyUse, type KeyUseStore } from './key-use.ts';

/** What one key uses, day by day, here and by all who share the store. */
export interface KeyUseBook {
  /** The day's sum, as far as it is known. */
  readonly today: (nowMs: number) => KeyUse;
  readonly add: (use: KeyUse, nowMs: number) => void;
  /** Saves what was added, and learns what others did. Rejects where the store does; then nothing is lost. */
  readonly save: (store: KeyUseStore, nowMs: number) => Promise<void>;
}

interface Day {
  readonly day: number;
  /** What the store is known to have, by whomever. */
  stored: KeyUse;
  /** What was added here and is not in the store. */
  unsaved: KeyUse;
  isRead: boolean;
}

/** An empty book for one key. */
export function createKeyUseBook(keyId: string): KeyUseBook {
  /** The days that still matter, in order: today, and those before it with something unsaved. */
  let days: Day[] = [];

  /** A clock that is set back opens no fresh day, unless it had been ahead by more than one. */
  const dayAt = (nowMs: number): Day => {
    const number = dayOf(nowMs);
    const last = days.at(-1);
    if (last !== undefined && (last.day === number || last.day === number + 1)) return last;
    const day = { day: number, stored: noUse, unsaved: noUse, isRead: false };
    days = [...days.filter(isUnsaved), day];
    return day;
  };

  const saveDay = async (store: KeyUseStore, day: Day): Promise<void> => {
    const use = day.unsaved;
    if (isUnsaved(day)) {
      await saveUse(store, keyId, { day: day.day, use });
      day.unsaved = addUse(day.unsaved, negative(use));
      day.stored = addUse(day.stored, use);
    }
    day.stored = await readUse(store, keyId, day.day);
    day.isRead = true;
  };

  return {
    today: (nowMs) => {
      const { stored, unsaved } = dayAt(nowMs);
      return addUse(stored, unsaved);
    },
    add: (use, nowMs) => {
      const day = dayAt(nowMs);
      day.unsaved = addUse(day.unsaved, use);
    },
    save: async (store, nowMs) => {
      const today = dayAt(nowMs);
      for (const day of days) if (isUnsaved(day) || !day.isRead) await saveDay(store, day);
      days = days.filter((day) => day === today || isUnsaved(day));
    },
  };
}

function isUnsaved({ unsaved }: Day): boolean {
  return unsaved.requests > 0 || unsaved.tokens > 0 || unsaved.usd > 0;
}

function negative({ requests, tokens, usd }: KeyUse): KeyUse {
  return { requests: -requests, tokens: -tokens, usd: -usd };
}
