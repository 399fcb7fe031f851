import type { Config } from '../configuration/config.ts';
import type { SupervisedWorker } from '../runtime/supervised-worker.ts';
import { startLearningThread, type LearningThreadLinks } from './learning-thread.ts';

/** Pauses between the cycles, milliseconds. */
export interface LearningPauses {
  readonly learnerMs: number;
  readonly gateMs: number;
}

/**
 * Starts the learning thread once the database has been opened for the first time, where there is a key for it. Without
 * one there is no thread.
 */
export function startLearning(
  entry: URL,
  { learning: { key, ...learning }, databasePath, prices, logLevel }: Config,
  links: LearningThreadLinks & { readonly opened: Promise<void>; readonly pauses: LearningPauses },
): Pick<SupervisedWorker, 'stop'> {
  let thread: SupervisedWorker | undefined;
  let isStopped = false;
  if (key !== null)
    void links.opened.then(() => {
      if (isStopped) return;
      const data = { databasePath, prices, logLevel, learning: { ...learning, key }, ...links.pauses };
      thread = startLearningThread(entry, data, links);
    });
  return {
    stop: async (deadlineMs) => {
      isStopped = true;
      await thread?.stop(deadlineMs);
    },
  };
}
