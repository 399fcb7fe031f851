import type { Config } from '../configuration/config.ts';
import type { MetLimit } from '../upstream/http/limit-watch.ts';
import { startLearningThread, type LearningThread, type LearningThreadLinks } from './learning-thread.ts';

/** Pauses between the cycles, milliseconds. */
export interface LearningPauses {
  readonly learnerMs: number;
  readonly gateMs: number;
}

/** Learning as the rest of the server sees it. */
export interface Learning {
  readonly stop: (deadlineMs: number) => Promise<void>;
  /** User traffic has come near a rate limit; of use where it is at the same upstream. */
  readonly noticeLimit: (met: MetLimit) => void;
  /** How the thread fares, in a sentence for an operator. */
  readonly describe: () => string;
}

/**
 * Starts the learning thread once the database has been opened for the first time, where there is a key for it. Without
 * one there is no thread.
 */
export function startLearning(
  entry: URL,
  { role, learning: { key, ...learning }, shadow, database, prices, logLevel }: Config,
  links: LearningThreadLinks & {
    readonly opened: Promise<void>;
    readonly pauses: LearningPauses;
    readonly clockOffset: SharedArrayBuffer;
  },
): Learning {
  let thread: LearningThread | undefined;
  let isStopped = false;
  const isOn = key !== null && role !== 'proxy';
  if (isOn)
    void links.opened.then(() => {
      if (isStopped) return;
      const { pauses, clockOffset } = links;
      const settings = { database, prices, shadow, logLevel, learning: { ...learning, key } };
      const data = { ...settings, ...pauses, clockOffset };
      thread = startLearningThread(entry, data, links);
    });
  return {
    stop: async (deadlineMs) => {
      isStopped = true;
      await thread?.stop(deadlineMs);
    },
    noticeLimit: ({ upstreamUrl, model, rateLimit }) => {
      if (upstreamUrl === learning.upstream) thread?.tell({ kind: 'rate-limit', model, rateLimit });
    },
    describe: () => {
      if (!isOn) return 'off';
      if (thread === undefined) return 'waits for the database';
      const { deaths, isRunning } = thread;
      if (deaths() === 0) return 'runs';
      const state = isRunning() ? 'runs again' : 'is down and will be started again';
      return `${state}, after ${deaths()} deaths in a row; traffic keeps its plans`;
    },
  };
}
