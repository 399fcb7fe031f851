import type { EditCredit, UnidentifiedCredit } from './edit-credit.ts';
import type { Interval } from './interval.ts';

/** What the credit of an edit says of keeping it. */
export type EditVerdict =
  /** It helps: its interval lies above zero. */
  | (WithInterval & { readonly kind: 'positive'; readonly isRemovalProposed: false })
  /** It harms: its interval lies below zero. */
  | (WithInterval & { readonly kind: 'negative'; readonly isRemovalProposed: true })
  /** Whatever it does is smaller than what matters. Proposed for removal where it costs tokens. */
  | (WithInterval & { readonly kind: 'neutral'; readonly isRemovalProposed: boolean })
  /**
   * Not known yet (`wide-interval`), or not the same everywhere: the effect differs between contexts, and their own
   * verdicts differ too (`contexts-differ`).
   */
  | (WithInterval & {
      readonly kind: 'unclear';
      readonly isRemovalProposed: false;
      readonly reason: 'wide-interval' | 'contexts-differ';
    })
  /** Its effect cannot be read from what was served. */
  | {
      readonly kind: 'not-identified';
      readonly isRemovalProposed: false;
      readonly reason: UnidentifiedCredit['reason'];
    };

interface WithInterval {
  readonly interval: Interval;
}

/** What an edit is judged by, besides its credit. */
export interface EditTerms {
  /** Least effect that matters, in (0, 1). */
  readonly mde: number;
  /** Tokens that the edit adds to each request; 0 or less when it saves some. */
  readonly tokens: number;
}

/** Below this chance of one common effect, contexts are asked one by one. */
const heterogeneityLevel = 0.05;

/**
 * The verdict on an edit. Its interval decides: above zero, below zero, or inside ±mde. Where Cochran's Q says that
 * contexts differ, the pooled interval speaks of a mixture that no one serves, and decides only if the interval of
 * every context says the same by itself.
 *
 * A verdict proposes; it proves nothing for a gate, since intervals allow for one look at one edit.
 * Throws a RangeError for an `mde` outside (0, 1) or tokens that are no number.
 */
export function editVerdict(credit: EditCredit, terms: EditTerms): EditVerdict {
  const { mde, tokens } = terms;
  if (!(mde > 0 && mde < 1) || !Number.isFinite(tokens))
    throw new RangeError(`edit verdict: least effect ${mde}, tokens ${tokens}`);
  if (credit.kind === 'not-identified')
    return { kind: 'not-identified', isRemovalProposed: false, reason: credit.reason };
  const interval = { low: credit.effect.low, high: credit.effect.high };
  const side = sideOf(interval, mde);
  const isMixed = credit.effect.heterogeneity.probability < heterogeneityLevel;
  const agrees = credit.contexts.every(
    ({ contrast }) => contrast.kind === 'not-identified' || sideOf(contrast, mde) === side,
  );
  if (isMixed && !agrees)
    return { kind: 'unclear', isRemovalProposed: false, reason: 'contexts-differ', interval };
  switch (side) {
    case 'positive':
      return { kind: side, isRemovalProposed: false, interval };
    case 'negative':
      return { kind: side, isRemovalProposed: true, interval };
    case 'neutral':
      return { kind: side, isRemovalProposed: tokens > 0, interval };
    case 'unclear':
      return { kind: side, isRemovalProposed: false, reason: 'wide-interval', interval };
  }
}

function sideOf({ low, high }: Interval, mde: number): 'positive' | 'negative' | 'neutral' | 'unclear' {
  if (low > 0) return 'positive';
  if (high < 0) return 'negative';
  return low > -mde && high < mde ? 'neutral' : 'unclear';
}
