import type { Config } from '../configuration/config.ts';
import type { ReadyProbe } from '../console/readiness.ts';
import type { StoreOpening } from './open-store.ts';
import type { StoreThread } from './store-thread.ts';

/** What must hold before traffic should be sent here. */
export function readyProbes(
  { upstream }: Pick<Config, 'upstream'>,
  thread: StoreThread,
  opening: Pick<StoreOpening, 'isOpened'>,
): readonly ReadyProbe[] {
  return [
    {
      name: 'store',
      look: async () => {
        await thread.store.ping();
        return 'commits';
      },
    },
    {
      name: 'snapshot',
      look: async () => {
        if (opening.isOpened()) return 'the newest plans are loaded';
        throw new Error('no plans have been loaded yet; requests pass through as they came');
      },
    },
    { name: 'upstream', look: async () => `requests go to ${upstream}` },
  ];
}
