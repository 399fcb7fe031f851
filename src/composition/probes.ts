import type { Config } from '../configuration/config.ts';
import type { ReadyProbe } from '../console/readiness.ts';
import type { DecisionLog } from '../store/decision-log.ts';
import type { Learning } from './learning.ts';
import type { StoreOpening } from './open-store.ts';
import type { StoreThread } from './store-thread.ts';

/** What is looked at. */
export interface ProbedParts {
  readonly thread: Pick<StoreThread, 'store' | 'failure'>;
  readonly opening: Pick<StoreOpening, 'isOpened'>;
  readonly decisionLog: Pick<DecisionLog, 'depth' | 'dropped'>;
  readonly learning: Pick<Learning, 'describe'>;
}

/**
 * What must hold before traffic should be sent here; how recording and learning fare is told too, but holds no traffic
 * off.
 */
export function readyProbes(
  { upstream }: Pick<Config, 'upstream'>,
  { thread, opening, decisionLog, learning }: ProbedParts,
): readonly ReadyProbe[] {
  return [
    {
      name: 'store',
      look: async () => {
        await thread.store.ping();
        // On a disk that is full a small write may still find room where others fail.
        const failure = thread.failure();
        if (failure === undefined) return 'commits';
        throw new Error(`commits now, but ${failure}`);
      },
    },
    {
      name: 'snapshot',
      look: async () => {
        if (opening.isOpened()) return 'the newest plans are loaded';
        throw new Error('no plans have been loaded yet; requests pass through as they came');
      },
    },
    {
      name: 'recording',
      look: async () => `${decisionLog.depth()} decisions wait, ${decisionLog.dropped()} were dropped`,
    },
    { name: 'learning', look: async () => learning.describe() },
    { name: 'upstream', look: async () => `requests go to ${upstream}` },
  ];
}
