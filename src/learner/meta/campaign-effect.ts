import type { Campaign } from '../../domain/campaign.ts';
import type { Edit } from '../../domain/edit.ts';
import { addedEdits } from '../edit-history.ts';
import { mergeGainsName, warmStartName } from './origins.ts';

/** Variance of one paired difference: of binary scores on which two prompts differ in three answers of ten. */
const pairVariance = 0.3;

/** Past requests of the small trial before the test. */
const screeningPairs = 40;

/** What a rollback says of an edit: it hurt, by how much is not known; another one of its arm may be at fault. */
const rolledBack = { effect: -0.05, variance: 0.005 } as const;

/** How far edits of one proposal differ in their parts of its effect, as a variance. */
const splitVariance = 0.0025;

/** Optimizers that put ideas together which have been found singly. */
const combining: ReadonlySet<string> = new Set([warmStartName, mergeGainsName]);

/** Edits that belong together, with what one campaign measured of them. */
export interface MeasuredUnit {
  readonly edits: readonly Edit[];
  readonly effect: number;
  /** Of the measurement, > 0. */
  readonly variance: number;
}

/**
 * What a campaign measured: the mean paired difference of its test, with the variance of so many pairs of binary scores;
 * of one that fell in the small trial on past requests, its loss there; of one that was rolled back, a loss. A proposal
 * that put single ideas together speaks of each by an equal part. Nothing where nothing was measured, or where edits of
 * the incumbent were left out.
 *
 * A test that stops early stops where the difference looks large, so that these effects are too large by some percent;
 * what promotions promised beside what came of them is in `ratchet report`.
 */
export function measuredUnits(campaign: Campaign): readonly MeasuredUnit[] {
  const { proposal } = campaign;
  const edits = addedEdits(proposal.variant, proposal.parentId);
  const measured = measurementOf(campaign);
  if (edits === undefined || edits.length === 0 || measured === undefined) return [];
  if (!combining.has(proposal.optimizer) || edits.length === 1) return [{ edits, ...measured }];
  const effect = measured.effect / edits.length;
  const variance = measured.variance + splitVariance * (edits.length - 1);
  return edits.map((edit) => ({ edits: [edit], effect, variance }));
}

/** The mean effect that a campaign measured of all that its proposal added; `undefined` where nothing was measured. */
export function measurementOf({
  state,
  verdict,
  screening,
}: Campaign): Pick<MeasuredUnit, 'effect' | 'variance'> | undefined {
  if (state === 'rolled-back') return rolledBack;
  const evidence = verdict?.evidence;
  if (evidence !== undefined && evidence.meanDifference !== null && evidence.pairs > 0)
    return { effect: evidence.meanDifference, variance: pairVariance / evidence.pairs };
  const trial = screening?.checks.find(({ limit }) => limit === 'held-out-loss');
  return trial === undefined || trial.isPassed
    ? undefined
    : { effect: -trial.value, variance: pairVariance / screeningPairs };
}
