import type { Approval, Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import type { Effect, Taking } from '../domain/effect.ts';
import { countOf, meanOf, primaryLedger, type Histogram, type Ledger } from '../domain/histogram.ts';
import type { TaskConfig } from '../domain/task.ts';
import { histogramInterval } from '../stats/mean-interval.ts';
import type { DifferingOutput } from './differing-outputs.ts';
import { recomputeVerdict, type Recomputed } from './recompute-verdict.ts';
import { sliceOf } from './slice-ledgers.ts';

/** Chance that an interval of a review ever misses. */
const reviewAlpha = 0.05;

/** All that a person needs to decide on a proposal. */
export interface Review {
  readonly campaignId: string;
  readonly taskId: string;
  readonly state: Campaign['state'];
  readonly approval: Approval | null;
  readonly optimizer: string;
  readonly purpose: string;
  readonly proposedAtMs: number;
  readonly edits: readonly Edit[];
  /** Candidate minus incumbent, in the score; `null` without pairs. */
  readonly effect: Effect | null;
  /** The same within each segment. */
  readonly slices: readonly (Effect & { readonly segment: string })[];
  /** What an answer of the candidate takes, as a multiple of the incumbent's: geometric means. */
  readonly takes: readonly Taking[];
  /** Every e-value beside its bar, and whether the stored verdict follows from the ledger. */
  readonly evidence: Pick<Recomputed, 'lines' | 'agreement' | 'explanation'> & { readonly reason: string };
  /** Requests that the two answered differently, where they are recorded. */
  readonly examples: readonly DifferingOutput[];
  readonly history: Campaign['history'];
}

/** A review of a campaign from what is stored. */
export function reviewOf(
  campaign: Campaign,
  ledger: Ledger,
  config: TaskConfig,
  examples: readonly DifferingOutput[],
): Review {
  const { id, taskId, state, proposal } = campaign;
  const { verdict, lines, agreement, explanation } = recomputeVerdict(campaign, ledger, config);
  return {
    campaignId: id,
    taskId,
    state,
    approval: campaign.approval ?? null,
    optimizer: proposal.optimizer,
    purpose: proposal.purpose ?? 'improve',
    proposedAtMs: proposal.atMs,
    edits: proposal.variant.edits,
    effect: effectOf(ledger[primaryLedger]),
    slices: Object.entries(ledger).flatMap(([name, histogram]) => {
      const segment = sliceOf(name);
      const effect = effectOf(histogram);
      return segment === null || effect === null ? [] : [{ segment, ...effect }];
    }),
    takes: (['cost', 'latency', 'tokens'] as const).flatMap((name) => takingOf(name, ledger[name])),
    evidence: { lines, agreement, explanation, reason: campaign.verdict?.reason ?? verdict.reason },
    examples,
    history: campaign.history,
  };
}

function effectOf(histogram: Histogram = {}): Effect | null {
  const mean = meanOf(histogram);
  if (mean === null) return null;
  return { pairs: countOf(histogram), mean, ...histogramInterval(histogram, reviewAlpha) };
}

/** Differences of ratios are log2(incumbent/candidate), so the greater the difference, the less is taken. */
function takingOf(name: Taking['name'], histogram: Histogram | undefined): readonly Taking[] {
  const effect = effectOf(histogram);
  if (effect === null) return [];
  const { pairs, mean, low, high } = effect;
  return [{ name, pairs, ratio: 2 ** -mean, low: 2 ** -high, high: 2 ** -low }];
}
