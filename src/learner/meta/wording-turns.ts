import { isOpen, type Campaign } from '../../domain/campaign.ts';
import type { DrawnWording } from '../../domain/proposal.ts';
import { originOf, restartsIn } from './origin-of.ts';
import type { SetupOutcome } from './setup.ts';

/** One turn of an optimizer under a wording that was drawn for it, and what it was worth. */
export interface WordingTurn extends DrawnWording {
  /** In [0, 1]. */
  readonly reward: number;
}

/** How far a measured difference moves the worth of a proposal that was not promoted: one of −.1 or less is worth nothing. */
const slope = 5;

/**
 * What a proposal says of the wording that it was asked for with: 1 where it was promoted and stayed, or serves already
 * as a canary; 0 where screening or the leak guards refused it, or it was rolled back; else half of clamp(½ + 5·D̄), with
 * D̄ the mean paired difference of its test, so that a near miss is worth more than harm.
 */
function worthOfProposal({ state, verdict }: Campaign): number {
  if (state === 'promoted' || state === 'canary') return 1;
  const difference = verdict?.evidence.meanDifference ?? null;
  if (state === 'rolled-back' || difference === null) return 0;
  return Math.min(1, Math.max(0, 0.5 + slope * difference)) / 2;
}

/**
 * The turns whose wording was drawn, the oldest first: those whose proposals have come to something, with the mean of
 * what these were worth. A proposal that the gate restarted counts by its restart.
 */
export function wordingTurns(campaigns: readonly Campaign[]): readonly WordingTurn[] {
  const { known, restarted } = restartsIn(campaigns);
  const drawn = campaigns.flatMap((campaign) => {
    const { taskId, proposal } = originOf(campaign, known);
    const wording = proposal.setup?.wording;
    const isKnown = !isOpen(campaign.state) || campaign.state === 'canary';
    if (wording === undefined || !isKnown || restarted.has(campaign.id)) return [];
    return [
      { key: `${taskId} ${proposal.atMs}`, atMs: proposal.atMs, wording, worth: worthOfProposal(campaign) },
    ];
  });
  return [...Map.groupBy(drawn, ({ key }) => key).values()]
    .flatMap((turn) => {
      const [first] = turn;
      const reward = turn.reduce((sum, { worth }) => sum + worth, 0) / turn.length;
      return first === undefined ? [] : [{ ...first.wording, reward, atMs: first.atMs }];
    })
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ id, propensity, reward }) => ({ id, propensity, reward }));
}

/** Turns that came to nothing: worth nothing. */
export function barrenWordings(barren: readonly SetupOutcome[]): readonly WordingTurn[] {
  return barren.flatMap(({ wording }) => (wording === undefined ? [] : [{ ...wording, reward: 0 }]));
}
