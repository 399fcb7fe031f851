import { isOpen, type Campaign } from '../../domain/campaign.ts';
import { normalBelow } from '../../stats/normal-below.ts';
import { measurementOf } from './campaign-effect.ts';
import { warmStartName } from './origins.ts';

/** Newest transfers that are looked at, so that what changed is forgotten. */
const transfersMax = 30;

/** Fewer say too little to give transfer up. */
const transfersMin = 3;

/** Below this chance that transfers help on average they are left alone. */
const chanceMin = 0.25;

/** Of the mean effect of transfers before any has been seen, and of single ones around it, as standard deviations. */
const meanDeviation = 0.05;
const spread = 0.08;

/** What came of bringing edits from task to task. */
export interface TransferRecord {
  /** Measured ones. */
  readonly transfers: number;
  /** Of them, those that did worse than what they found. */
  readonly negative: number;
  readonly promoted: number;
  /** Mean effect, shrunk towards 0, and the chance in [0, 1] that it is above 0. */
  readonly meanEffect: number;
  readonly chanceOfGain: number;
}

/**
 * The record of the newest transfers, from what the gate measured on fresh requests: the normal model
 * mean ~ N(0, .05²), transfer ~ N(mean, .08² + variance of its measurement).
 */
export function transferRecord(campaigns: readonly Campaign[]): TransferRecord {
  const ended = campaigns
    .filter(({ state, proposal }) => proposal.optimizer === warmStartName && !isOpen(state))
    .slice(0, transfersMax);
  const measured = ended.flatMap((campaign) => measurementOf(campaign) ?? []);
  const weights = measured.map(({ variance }) => 1 / (spread ** 2 + variance));
  const precision = weights.reduce((sum, weight) => sum + weight, 1 / meanDeviation ** 2);
  const weighted = measured.reduce((sum, { effect }, index) => sum + effect * (weights[index] ?? 0), 0);
  const meanEffect = weighted / precision;
  return {
    transfers: measured.length,
    negative: measured.filter(({ effect }) => effect < 0).length,
    promoted: ended.filter(({ state }) => state === 'promoted').length,
    meanEffect,
    chanceOfGain: normalBelow(meanEffect * Math.sqrt(precision)),
  };
}

/** Whether tasks of this kind are better off learning by themselves. As transfers stop, so does the evidence: a developer's change of the prompts, or the age of the record, brings them back. */
export function isTransferHurting({ transfers, chanceOfGain }: TransferRecord): boolean {
  return transfers >= transfersMin && chanceOfGain < chanceMin;
}
