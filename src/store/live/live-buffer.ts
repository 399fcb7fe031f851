import type { Clock } from '../../domain/clock.ts';
import type { Decision } from '../../domain/decision.ts';
import { decisionBytes } from '../cached/decision-bytes.ts';
import { createRing } from '../cached/ring.ts';
import type { LiveRequests } from '../live-requests.ts';

/** The buffer between those who serve requests and those who ask them again. */
export interface LiveBuffer extends LiveRequests {
  /** Takes requests out, oldest first, and says which tasks' requests are wanted from now on. */
  readonly take: (taskIds: readonly string[]) => readonly Decision[];
}

export interface LiveBufferSettings {
  /** Requests that may wait, and what they may take together, bytes; 200 and 16 MiB. */
  readonly countMax?: number;
  readonly bytesMax?: number;
}

/** What one request may take, bytes; a longer one is not mirrored. */
const requestBytesMax = 1024 * 1024;

/** What is taken at a time: it is copied to another thread, and traffic waits for that. */
const taken = { count: 50, weight: 2 * 1024 * 1024 };

/** How long requests of a task are wanted after it was asked for, and how old one may be, milliseconds. */
const wantedMs = 60_000;
const ageMsMax = 300_000;

/**
 * A buffer that takes no more once it is full, so that the work for it is bounded by how fast it is emptied, however much
 * traffic there is. While nobody asks for requests, none is wanted.
 */
export function createLiveBuffer(
  clock: Clock,
  { countMax = 200, bytesMax = 16 * 1024 * 1024 }: LiveBufferSettings = {},
): LiveBuffer {
  const ring = createRing<Decision>({ count: countMax, weight: bytesMax });
  let wanted: ReadonlySet<string> = new Set();
  let wantedUntilMs = 0;
  return {
    isWanted: (taskId) => wanted.has(taskId) && clock.now() < wantedUntilMs && ring.size() < countMax,
    offer: (decision) => {
      const bytes = decisionBytes(decision);
      if (bytes <= requestBytesMax) ring.push(decision, bytes);
    },
    take: (taskIds) => {
      wanted = new Set(taskIds);
      wantedUntilMs = clock.now() + wantedMs;
      const oldestMs = clock.now() - ageMsMax;
      return ring.take(taken).filter(({ taskId, atMs }) => wanted.has(taskId) && atMs >= oldestMs);
    },
  };
}
