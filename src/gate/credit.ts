import { applyEdits } from '../domain/apply-edits.ts';
import type { CreditedEdit, CreditReport } from '../domain/credit-report.ts';
import { editKey } from '../domain/edit-key.ts';
import type { Edit } from '../domain/edit.ts';
import { estimateTokens } from '../domain/estimate-tokens.ts';
import { skeletonText, type Skeleton } from '../domain/skeleton.ts';
import type { Variant } from '../domain/variant.ts';
import { creditOfEdits, type CreditObservation, type EditCredit } from '../stats/edit-credit.ts';
import { editVerdict } from '../stats/edit-verdict.ts';
import type { EpisodeOutcome } from '../store/outcome-store.ts';
import { inStrata } from './time-strata.ts';

/** What the credit of a task's edits is read from. */
export interface CreditGround {
  /** In any order. */
  readonly outcomes: readonly EpisodeOutcome[];
  /** Every variant that outcomes name; an outcome of another one, or of another baseline version, is left out. */
  readonly variants: readonly Variant[];
  readonly incumbent: Variant;
  readonly baseline: Skeleton;
  /** Least effect that matters, in (0, 1). */
  readonly mde: number;
}

/**
 * The credit of every edit that served, by edge contrasts (`stats/edit-credit.ts`) within plan version × 100 answered
 * episodes × segment: prompts that differ in one edit alone, served at random to the same traffic. What the log cannot
 * tell is not identified. An edit that is worth less than nothing, or nothing while it costs tokens, is proposed for
 * removal where the incumbent has it.
 */
export function creditOfTask(
  ground: CreditGround,
  moment: Pick<CreditReport, 'atMs' | 'atFeedback'>,
): CreditReport {
  const { variants, incumbent, mde } = ground;
  const known = new Map(
    variants
      .filter(({ baselineVersion }) => baselineVersion === incumbent.baselineVersion)
      .map(({ id, edits }) => [id, [...new Set(edits.map(editKey))]]),
  );
  const observations = observationsOf(ground.outcomes, known);
  const edits = new Map(variants.flatMap((variant) => variant.edits.map((edit) => [editKey(edit), edit])));
  const serving = new Set(incumbent.edits.map(editKey));
  const credited = creditOfEdits(observations).flatMap((credit): CreditedEdit[] => {
    const edit = edits.get(credit.edit);
    if (edit === undefined) return [];
    return [describe(credit, edit, { ground, isServing: serving.has(credit.edit), mde })];
  });
  return { ...moment, episodes: observations.length, edits: credited };
}

function observationsOf(
  outcomes: readonly EpisodeOutcome[],
  known: ReadonlyMap<string, readonly string[]>,
): readonly CreditObservation[] {
  const found = outcomes.filter(({ variantId }) => known.has(variantId));
  return inStrata(found).map(({ variantId, reward, propensity, stratum }) => ({
    variantId,
    edits: known.get(variantId) ?? [],
    reward,
    propensity,
    stratum,
  }));
}

function describe(
  credit: EditCredit,
  edit: Edit,
  given: { readonly ground: CreditGround; readonly isServing: boolean; readonly mde: number },
): CreditedEdit {
  const { ground, isServing, mde } = given;
  const tokens = tokensOf(edit, ground);
  const verdict = editVerdict(credit, { mde, tokens });
  const contrasts = credit.contexts.flatMap(({ contrast }) =>
    contrast.kind === 'contrast' ? [contrast] : [],
  );
  const isKnown = credit.kind === 'identified';
  return {
    key: credit.edit,
    edit,
    isServing,
    tokens,
    verdict: verdict.kind,
    reason: 'reason' in verdict ? verdict.reason : null,
    effect: isKnown
      ? { estimate: credit.effect.estimate, low: credit.effect.low, high: credit.effect.high }
      : null,
    contexts: contrasts.length,
    agreement: isKnown ? credit.effect.heterogeneity.probability : 1,
    episodesWith: contrasts.reduce((sum, { treated }) => sum + treated, 0),
    episodesWithout: contrasts.reduce((sum, { control }) => sum + control, 0),
    // The baseline is always an arm, so what leads back to it needs no proposal.
    isRemovalProposed: verdict.isRemovalProposed && isServing && ground.incumbent.edits.length > 1,
  };
}

/** What the prompt would save without the edit; for one that the incumbent does not have, what it would add to it. */
function tokensOf(edit: Edit, { baseline, incumbent }: CreditGround): number {
  const key = editKey(edit);
  const without = incumbent.edits.filter((other) => editKey(other) !== key);
  const hasEdit = without.length < incumbent.edits.length;
  const shorter = applyEdits(baseline, without);
  const longer = applyEdits(baseline, hasEdit ? incumbent.edits : [...without, edit]);
  if (shorter === undefined || longer === undefined) return 0;
  return estimateTokens(skeletonText(longer)) - estimateTokens(skeletonText(shorter));
}
