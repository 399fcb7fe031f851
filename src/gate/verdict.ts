import { countOf, meanOf, primaryLedger, type Ledger } from '../domain/histogram.ts';
import type { TestTerms } from '../domain/test-terms.ts';
import type { EquivalenceEvidence, Evidence, JudgeEvidence, Verdict } from '../domain/verdict.ts';
import { logFutilityE, logHarmE } from '../stats/log-mixture-e.ts';
import { behaviourInWords } from './behaviour.ts';
import { judgeLedger } from './judge-ledgers.ts';
import { coverageInWords } from './shadow-coverage.ts';
import { anchorLedger, isViolated, testEvidence, type TestInProgress } from './test-evidence.ts';
import type { StepOutcome } from './trust-region.ts';

/** Pairs below which nothing is promoted, and at which a test ends undecided. */
export const pairsMin = 30;
export const pairsMax = 2000;

/** Logarithms of the e-values that decide: harm, futility. */
export const logHarmful: number = Math.log(20);
export const logFutile: number = Math.log(10);

/** A verdict with what it means for the size of the next step. */
export interface Judged {
  readonly verdict: Verdict;
  readonly outcome: StepOutcome;
}

/**
 * What a campaign's ledger says of its candidate. Depends on the ledger and on terms and level that were settled when
 * the test started, so anyone can recompute it (`recompute-verdict.ts`).
 *
 * - *promote* iff n ≥ 30, the goal is shown at level α_t, and for every declared guardrail and slice
 *   E(H0: mean ≤ −m) ≥ 20, or ≥ 1/α_t in a strict test. The goal of superiority is E(H0: mean ≤ 0) ≥ 1/α_t. That of
 *   equivalence is E(H0: mean ≤ −m) ≥ 1/α_t beside the incumbent and beside the anchor, and E(H0: mean ≤ 0) ≥ 1/α_t for
 *   the secondary metric: all at once, and since the least of several e-values is an e-value for the union of their
 *   hypotheses, e-LOND covers them all;
 * - *reject* iff harm is shown (superiority: E(H0: mean ≥ 0) ≥ 20; equivalence: E(H0: mean ≥ −m) ≥ 20), no gain worth
 *   waiting for is to be had (E(H0: mean ≥ mde) ≥ 10, of the score or of the secondary metric), a guardrail or slice is
 *   shown to be violated, or, before 30 pairs, the judge's ledger shows harm;
 * - *inconclusive* at 2,000 pairs; else *continue*.
 *
 * A candidate that breaks any one guardrail or slice is promoted with probability at most 1/20, however many are
 * declared: all of them must hold (intersection-union), so nothing need be divided among them.
 *
 * Format and refusal are watched on every task, but not required where they are not declared: when nothing ever
 * happens, non-inferiority by .02 needs 286 pairs of ties, and 957 where one answer in twenty differs, which would hold
 * up every promotion to prove the absence of a rare event. They veto instead, as soon as harm is shown (E ≥ 20); so do
 * segments that nobody declared. A declared guardrail is violated where E(H0: mean ≥ −m) ≥ 20: no further pair could
 * let it pass.
 */
export function judgeLedgers(ledger: Ledger, test: TestInProgress): Judged {
  const { terms } = test;
  const evidence = testEvidence(ledger, test);
  const say = (kind: Verdict['kind'], reason: string, outcome: StepOutcome = 'neutral'): Judged => ({
    verdict: { kind, reason, evidence },
    outcome,
  });
  const violated = evidence.guardrails.find((guardrail) => isViolated(ledger, guardrail));
  if (violated !== undefined)
    return say('reject', `${violated.name} gets worse ${after(ledger, violated.name)}`, 'harmful');
  const { harm, futility, shown, isShown } = goalOf(ledger, terms, evidence);
  if (harm !== null) return say('reject', harm, 'harmful');
  const waiting = evidence.guardrails.find(
    ({ isRequired, logNonInferiority, logThreshold }) =>
      isRequired !== false && logNonInferiority < logThreshold,
  );
  const isGoalMet = evidence.pairs >= pairsMin && isShown;
  const claim = terms.mode === 'equivalence' ? 'no worse, and gains' : 'better';
  if (isGoalMet && waiting === undefined) return say('promote', `${claim}: ${shown}`);
  if (futility !== null) return say('reject', futility, 'futile');
  const logJudge = logHarmE(ledger[judgeLedger] ?? {});
  if (evidence.pairs < pairsMin && logJudge >= logHarmful)
    return say(
      'reject',
      `the judge finds it harmful: ${against(logJudge, logHarmful)} ${after(ledger, judgeLedger)}`,
      'harmful',
    );
  const awaited =
    isGoalMet && waiting !== undefined ? `; ${claim}, but ${waiting.name} is not shown to hold` : '';
  return evidence.pairs >= pairsMax
    ? say('inconclusive', `undecided ${found(ledger, evidence)}${awaited}`)
    : say('continue', `${shown}${awaited}`);
}

/** How a test stands to its goal. Sentences are `null` where they cannot be said. */
interface Standing {
  readonly isShown: boolean;
  /** The evidence for the goal, in words. */
  readonly shown: string;
  readonly harm: string | null;
  readonly futility: string | null;
}

function goalOf(ledger: Ledger, { secondary }: TestTerms, evidence: Evidence): Standing {
  const { equivalence, logSuperiority, logHarm, logFutility, logThreshold } = evidence;
  if (equivalence !== undefined && secondary !== null) return equivalenceGoal(ledger, evidence, equivalence);
  const words = found(ledger, evidence);
  return {
    isShown: logSuperiority >= logThreshold,
    shown: `${against(logSuperiority, logThreshold)} ${words}`,
    harm: logHarm >= logHarmful ? `harmful: ${against(logHarm, logHarmful)} ${words}` : null,
    futility:
      logFutility >= logFutile
        ? `no gain worth waiting for: ${against(logFutility, logFutile)} ${words}`
        : null,
  };
}

function equivalenceGoal(
  ledger: Ledger,
  { logThreshold }: Evidence,
  { margin, logNonInferiority, anchor, secondary }: EquivalenceEvidence,
): Standing {
  const parts = [
    ['score', logNonInferiority],
    ...(anchor === null ? [] : [['score beside the anchor', anchor.logNonInferiority] as const]),
    [secondary.name, secondary.logSuperiority],
  ] as const;
  const least = parts.reduce((one, other) => (other[1] < one[1] ? other : one));
  const worse = [primaryLedger, ...(anchor === null ? [] : [anchorLedger])].find(
    (name) => logFutilityE(ledger[name] ?? {}, -margin) >= logHarmful,
  );
  return {
    isShown: least[1] >= logThreshold,
    shown: `least is ${least[0]}, ${against(least[1], logThreshold)} ${after(ledger)}, ${secondary.name} ${signed(secondary.meanDifference)}`,
    harm:
      worse === undefined
        ? null
        : `worse than ${worse === primaryLedger ? 'the incumbent' : 'the anchor'} by more than ${margin} ${after(ledger, worse)}`,
    futility:
      secondary.logFutility >= logFutile
        ? `no gain in ${secondary.name} worth waiting for: ${against(secondary.logFutility, logFutile)} ${after(ledger, secondary.name)}`
        : null,
  };
}

function found(ledger: Ledger, { judge, coverage, behaviour }: Evidence): string {
  return `${after(ledger)}${judgesShare(judge)}${coverageInWords(coverage)}${behaviourInWords(behaviour)}`;
}

function after(ledger: Ledger, name: string = primaryLedger): string {
  const histogram = ledger[name] ?? {};
  const mean = meanOf(histogram);
  const pairs = `after ${countOf(histogram)} pairs`;
  return mean === null ? pairs : `${pairs}, mean ${signed(mean)}`;
}

/** What the judge adds to a sentence on the evidence. */
function judgesShare(judge: JudgeEvidence | undefined): string {
  if (judge === undefined || judge.weight === 0) return '';
  if (judge.isShifted) return '; the judge is left out: ground truth is not missing at random';
  return judge.effectivePairs === null ? '' : `, worth ${Math.round(judge.effectivePairs)} with the judge`;
}

function against(log: number, bar: number): string {
  return `log e ${log.toFixed(2)} of ${bar.toFixed(2)}`;
}

function signed(mean: number | null): string {
  return mean === null ? 'unknown' : `${mean >= 0 ? '+' : ''}${mean.toFixed(3)}`;
}
