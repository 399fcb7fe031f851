import type { Clock } from '../../domain/clock.ts';

/** Things that are held in memory for a while, by name; the oldest are forgotten when they are too many or too old. */
export interface Held<Value> {
  readonly set: (key: string, value: Value, bytes: number) => void;
  readonly get: (key: string) => Value | undefined;
  /** Everything that is held, oldest first. */
  readonly values: () => readonly Value[];
}

export interface HeldSettings {
  readonly countMax: number;
  readonly bytesMax: number;
  /** How long a thing is held, milliseconds. */
  readonly ageMsMax: number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly bytes: number;
  readonly atMs: number;
}

/** Holds nothing yet. */
export function createHeld<Value>(clock: Clock, { countMax, bytesMax, ageMsMax }: HeldSettings): Held<Value> {
  const entries = new Map<string, Entry<Value>>();
  let bytesHeld = 0;
  const drop = (key: string): void => {
    bytesHeld -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  const tidy = (): void => {
    const oldestMs = clock.now() - ageMsMax;
    for (const [key, { atMs }] of entries) {
      if (entries.size <= countMax && bytesHeld <= bytesMax && atMs >= oldestMs) return;
      drop(key);
    }
  };
  return {
    set: (key, value, bytes) => {
      drop(key);
      entries.set(key, { value, bytes, atMs: clock.now() });
      bytesHeld += bytes;
      tidy();
    },
    get: (key) => {
      tidy();
      return entries.get(key)?.value;
    },
    values: () => {
      tidy();
      return [...entries.values()].map(({ value }) => value);
    },
  };
}
