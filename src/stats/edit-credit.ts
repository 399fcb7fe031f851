import type { DrawnReward } from './drawn-reward.ts';
import { pooledEffect, type PooledEffect } from './pooled-effect.ts';
import { stratifiedContrast, type RewardsByStratum, type StratifiedContrast } from './stratified-contrast.ts';

/**
 * The reward of one episode under one variant. An episode is the unit of randomisation: it has one draw, one variant
 * and one mean reward, so it is one observation, however many requests it had.
 */
export interface CreditObservation extends DrawnReward {
  readonly variantId: string;
  /** Keys of the variant's edits, in any order, without repeats; none for the baseline. */
  readonly edits: readonly string[];
  /**
   * What is compared only with its like: time bucket × segment. Within a stratum the set of variants that could be
   * drawn may not change, since no weight mends a time at which one of them could not be; so plan version belongs
   * into it, and with it the version of the baseline. Probabilities may change. Where they follow these very rewards,
   * buckets as short as a few steps of the routing keep what that biases small.
   */
  readonly stratum: string;
}

/** What one edit is worth, or that the data do not tell. */
export type EditCredit = IdentifiedCredit | UnidentifiedCredit;

/** Effect of an edit on the reward, pooled over the prompts that it was added to. */
export interface IdentifiedCredit {
  readonly kind: 'identified';
  readonly edit: string;
  readonly effect: PooledEffect;
  readonly contexts: readonly ContextContrast[];
}

/**
 * Why an edit has no credit.
 * - `no-counterpart`: no prompt was served both with it and, but for it alone, without it.
 * - `no-overlap`: such prompts were served, but never in the same stratum.
 * - `too-few`: they were, with fewer than two episodes on a side.
 */
export interface UnidentifiedCredit {
  readonly kind: 'not-identified';
  readonly edit: string;
  readonly reason: 'no-counterpart' | 'no-overlap' | 'too-few';
  readonly contexts: readonly ContextContrast[];
}

/** Credit of an edit in one context: the prompt with the context's edits and this one, against the context alone. */
export interface ContextContrast {
  /** The other edits, sorted. */
  readonly context: readonly string[];
  readonly contrast: StratifiedContrast;
}

/**
 * Credit of every edit, in the order of their keys. The credit of edit e in context v is the contrast of v ∪ {e} with
 * v, both live, within strata (`stratifiedContrast`); contexts share no observation, and are pooled by inverse variance
 * with Cochran's Q (`pooledEffect`). Compared are prompts that differ in one edit alone, served at random to the same
 * traffic: neither a drift of everything, nor edits that came together, nor interactions between edits bias it, which
 * is what they do to the difference between all episodes with an edit and all without. The design is that of Neyman
 * (1923) in each stratum, and the graph of prompts that differ by one edit takes the place of a factorial.
 *
 * Where routing follows the rewards, a contrast keeps a bias of a part of its standard error, since the arm that had
 * bad luck is then served less; `aipwContrast` has none.
 *
 * Intervals are for one look at one edit; they neither stay valid under looking often nor allow for many edits.
 *
 * Throws a RangeError for observations outside their ranges, a variant whose edits change, or an edit named twice.
 */
export function creditOfEdits(
  observations: readonly CreditObservation[],
  confidence?: number,
): readonly EditCredit[] {
  const contexts = contextsOf(observations);
  const edits = new Set([...contexts.values()].flatMap((context) => context.edits));
  return [...edits].toSorted().map((edit) => {
    const contrasts = [...contexts.values()].flatMap(({ edits: all, strata }) => {
      if (!all.includes(edit)) return [];
      const context = all.filter((other) => other !== edit);
      const counterpart = contexts.get(contextKey(context));
      if (counterpart === undefined) return [];
      return [{ context, contrast: stratifiedContrast(strata, counterpart.strata, confidence) }];
    });
    return creditOf(edit, contrasts, confidence);
  });
}

function creditOf(edit: string, contexts: readonly ContextContrast[], confidence?: number): EditCredit {
  const found = contexts.flatMap(({ contrast }) => (contrast.kind === 'contrast' ? [contrast] : []));
  if (found.length > 0)
    return { kind: 'identified', edit, effect: pooledEffect(found, confidence), contexts };
  const reasons = contexts.flatMap(({ contrast }) => (contrast.kind === 'contrast' ? [] : [contrast.reason]));
  const reason = reasons.includes('too-few') ? 'too-few' : (reasons[0] ?? 'no-counterpart');
  return { kind: 'not-identified', edit, reason, contexts };
}

/** All episodes under one set of edits. Variants that only order them differently count as one. */
export interface CreditContext {
  /** Sorted. */
  readonly edits: readonly string[];
  readonly strata: RewardsByStratum;
}

/** Observations by set of edits and stratum, keyed by `contextKey`. Throws as `creditOfEdits`. */
export function contextsOf(observations: readonly CreditObservation[]): ReadonlyMap<string, CreditContext> {
  const variants = new Map<string, { given: readonly string[]; key: string }>();
  const contexts = new Map<string, { edits: readonly string[]; strata: Map<string, DrawnReward[]> }>();
  for (const observation of observations) {
    const { variantId, edits: given, stratum } = observation;
    let variant = variants.get(variantId);
    // Most observations of a variant share its list of edits, which then need not be read again.
    if (variant?.given !== given) {
      const edits = given.toSorted();
      const key = contextKey(edits);
      if ((variant?.key ?? key) !== key || new Set(edits).size !== edits.length)
        throw new RangeError(`credit: variant ${variantId} has edits ${key}, and before ${variant?.key}`);
      variant = { given, key };
      variants.set(variantId, variant);
      if (!contexts.has(key)) contexts.set(key, { edits, strata: new Map() });
    }
    const strata = contexts.get(variant.key)?.strata;
    const rewards = strata?.get(stratum);
    if (rewards === undefined) strata?.set(stratum, [observation]);
    else rewards.push(observation);
  }
  return contexts;
}

function contextKey(sortedEdits: readonly string[]): string {
  return JSON.stringify(sortedEdits);
}
