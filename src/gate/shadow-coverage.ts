import { countOf, meanOf, type Ledger } from '../domain/histogram.ts';
import type { ShadowCoverage } from '../domain/verdict.ts';

/** Ledger of the share of a conversation's requests with tool calls that could not be compared, [0, 1]. */
export const notComparableLedger = 'not-comparable';

/** Ledger of the share of a conversation's requests that a variant had no answer to, (0, 1]; none is not counted. */
export const unansweredLedger = 'unanswered';

/** What a test could not see; `undefined` where it saw everything. */
export function coverageOf(ledger: Ledger): ShadowCoverage | undefined {
  const withTools = ledger[notComparableLedger] ?? {};
  const unanswered = countOf(ledger[unansweredLedger] ?? {});
  const toolConversations = countOf(withTools);
  if (toolConversations === 0 && unanswered === 0) return undefined;
  return { toolConversations, notComparableShare: meanOf(withTools), unanswered };
}

/** What a coverage adds to a sentence on the evidence. */
export function coverageInWords(coverage: ShadowCoverage | undefined): string {
  if (coverage === undefined) return '';
  const { notComparableShare, unanswered } = coverage;
  const incomparable =
    notComparableShare === null || notComparableShare === 0
      ? ''
      : `; ${Math.round(100 * notComparableShare)} % of requests with tool calls cannot be compared`;
  return `${incomparable}${unanswered === 0 ? '' : `; ${unanswered} conversations without an answer`}`;
}
