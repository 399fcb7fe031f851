import { hash } from 'node:crypto';

/** Whether an episode is recorded, with all of its decisions. */
export type IsRecorded = (episodeId: string) => boolean;

/**
 * Records a share of the episodes, in [0, 1]. Which ones is drawn by a hash of their names, so that every process and
 * every turn agrees, and nothing about an episode decides but chance.
 */
export function recordedShare(share: number): IsRecorded {
  if (share >= 1) return () => true;
  if (share <= 0) return () => false;
  const bound = share * 2 ** 32;
  return (episodeId) => hash('sha256', `recorded\n${episodeId}`, 'buffer').readUInt32BE(0) < bound;
}
