import { isOpen, type Campaign } from '../../domain/campaign.ts';
import { originOf, restartsIn } from './origin-of.ts';

/** Where a task stands in the order of what has been tried on it, by names of optimizers. */
export interface Place {
  /** Whose proposal was promoted last, of those that have stayed; `null`: nobody's yet. */
  readonly gained: string | null;
  /** Whose proposal ended last since that promotion, without one; `null`: nobody's yet. */
  readonly missed: string | null;
}

/** Where every task begins. */
export const firstPlace: Place = { gained: null, missed: null };

/**
 * Where a task stood before a moment, from all of its campaigns. What the gate restarted counts once, at its restart,
 * under the optimizer that proposed it first; a rollback leads back to the promotion before.
 */
export function placesIn(campaigns: readonly Campaign[]): (beforeMs: number) => Place {
  const { known, restarted } = restartsIn(campaigns);
  const ends = campaigns
    .flatMap((campaign) => {
      const { optimizer } = originOf(campaign, known).proposal;
      return campaign.history
        .filter(({ to }) => !isOpen(to) && (to === 'promoted' || !restarted.has(campaign.id)))
        .map(({ to, atMs }) => ({ id: campaign.id, optimizer, to, atMs }));
    })
    .toSorted((one, other) => one.atMs - other.atMs);
  return (beforeMs) => {
    let gains: readonly { readonly id: string; readonly optimizer: string }[] = [];
    let missed: string | null = null;
    for (const { id, optimizer, to, atMs } of ends) {
      if (atMs >= beforeMs) break;
      gains = to === 'promoted' ? [...gains, { id, optimizer }] : gains.filter((gain) => gain.id !== id);
      missed = to === 'promoted' ? null : optimizer;
    }
    return { gained: gains.at(-1)?.optimizer ?? null, missed };
  };
}
