import { countOf, meanOf, primaryLedger, type Ledger } from '../domain/histogram.ts';
import { jointOf } from '../domain/joint-histogram.ts';
import type { Judging } from '../domain/judging.ts';
import type { TaskConfig } from '../domain/task.ts';
import type { Evidence, GuardrailEvidence, JudgeEvidence, Verdict } from '../domain/verdict.ts';
import { logFutilityE, logHarmE, logMixtureE } from '../stats/log-mixture-e.ts';
import { calibratedEvidence } from '../stats/prediction-powered.ts';
import { guardrailsOf, type Guardrail } from './guardrails.ts';
import { judgeEvidenceOf } from './judge-evidence.ts';
import { correctedLedger, judgeLedger } from './judge-ledgers.ts';
import type { StepOutcome } from './trust-region.ts';

/** Pairs below which nothing is promoted, and at which a test ends undecided. */
export const pairsMin = 30;
const pairsMax = 2000;

/** Logarithms of the e-values that decide: 1/α_g of guardrails, harm, futility. */
const logGuardrail: number = Math.log(20);
export const logHarmful: number = Math.log(20);
export const logFutile: number = Math.log(10);

/** A verdict with what it means for the size of the next step. */
export interface Judged {
  readonly verdict: Verdict;
  readonly outcome: StepOutcome;
}

/**
 * What a campaign's ledger says of its candidate. Depends on the ledger and on the level that was settled when the test
 * started, so anyone can recompute it. Where the judge has corrected pairs, each E is the mean of two: on the labelled
 * pairs as they are, and as the judge corrects them (`calibratedEvidence`).
 *
 * - *promote* iff n ≥ 30, E(H0: mean ≤ 0) ≥ 1/α_t, and for every declared guardrail E(H0: mean ≤ −m) ≥ 20;
 * - *reject* iff E(H0: mean ≥ 0) ≥ 20, E(H0: mean ≥ mde) ≥ 10, a guardrail is shown to be violated, or, before 30
 *   pairs, the judge's ledger shows harm;
 * - *inconclusive* at 2,000 pairs; else *continue*.
 *
 * Format and refusal are watched on every task, but not required where they are not declared: when nothing ever
 * happens, non-inferiority by .02 needs 286 pairs of ties, and 957 where one answer in twenty differs, which would hold
 * up every promotion to prove the absence of a rare event. They veto instead, as soon as harm is shown (E ≥ 20).
 * A declared guardrail is violated where E(H0: mean ≥ −m) ≥ 20: no further pair could let it pass.
 */
export function judgeLedgers(
  ledger: Ledger,
  config: TaskConfig,
  alphaLevel: number,
  judging?: Judging,
): Judged {
  const guardrails = guardrailsOf(config);
  const evidence = evidenceOf(ledger, { config, guardrails, alphaLevel, judging });
  const say = (kind: Verdict['kind'], reason: string, outcome: StepOutcome = 'neutral'): Judged => ({
    verdict: { kind, reason, evidence },
    outcome,
  });
  const { pairs, logSuperiority, logHarm, logFutility, logThreshold } = evidence;
  const found = `${after(ledger)}${judgesShare(evidence.judge)}`;
  const violated = guardrails.find((guardrail) => isViolated(ledger, guardrail));
  if (violated !== undefined)
    return say('reject', `${violated.name} gets worse ${after(ledger, violated.name)}`, 'harmful');
  if (logHarm >= logHarmful)
    return say('reject', `harmful: log e ${figure(logHarm)} of ${figure(logHarmful)} ${found}`, 'harmful');
  const isSuperior = pairs >= pairsMin && logSuperiority >= logThreshold;
  const waiting = evidence.guardrails.find(
    ({ isRequired, logNonInferiority }) => isRequired !== false && logNonInferiority < logGuardrail,
  );
  if (isSuperior && waiting === undefined)
    return say('promote', `better: log e ${figure(logSuperiority)} of ${figure(logThreshold)} ${found}`);
  if (logFutility >= logFutile)
    return say(
      'reject',
      `no gain worth waiting for: log e ${figure(logFutility)} of ${figure(logFutile)} ${found}`,
      'futile',
    );
  const logJudge = logHarmE(ledger[judgeLedger] ?? {});
  if (pairs < pairsMin && logJudge >= logHarmful)
    return say(
      'reject',
      `the judge finds it harmful: log e ${figure(logJudge)} of ${figure(logHarmful)} ${after(ledger, judgeLedger)}`,
      'harmful',
    );
  const awaited =
    isSuperior && waiting !== undefined ? `; better, but ${waiting.name} is not shown to hold` : '';
  return pairs >= pairsMax
    ? say('inconclusive', `undecided ${found}${awaited}`)
    : say('continue', `log e ${figure(logSuperiority)} of ${figure(logThreshold)} ${found}${awaited}`);
}

function evidenceOf(
  ledger: Ledger,
  given: {
    readonly config: TaskConfig;
    readonly guardrails: readonly Guardrail[];
    readonly alphaLevel: number;
    readonly judging: Judging | undefined;
  },
): Evidence {
  const primary = ledger[primaryLedger] ?? {};
  const judge = given.judging && judgeEvidenceOf(ledger, given.judging);
  const { superiority, harm, futility } = calibratedEvidence(
    {
      truth: primary,
      corrected: jointOf(ledger, correctedLedger),
      isShifted: judge?.isShifted ?? false,
    },
    given.config.gate.mde,
  );
  return {
    pairs: countOf(primary),
    meanDifference: meanOf(primary),
    logSuperiority: superiority,
    logHarm: harm,
    logFutility: futility,
    logThreshold: -Math.log(given.alphaLevel),
    guardrails: given.guardrails.map((guardrail): GuardrailEvidence => {
      const histogram = ledger[guardrail.name] ?? {};
      return {
        name: guardrail.name,
        pairs: countOf(histogram),
        margin: guardrail.margin,
        logNonInferiority: logMixtureE(histogram, guardrail.margin),
        logThreshold: logGuardrail,
        isRequired: guardrail.isRequired,
        logHarm: logHarmE(histogram),
      };
    }),
    ...(judge === undefined ? {} : { judge }),
  };
}

function isViolated(ledger: Ledger, { name, margin, isRequired }: Guardrail): boolean {
  const histogram = ledger[name] ?? {};
  // H0 of the futility test is "mean ≥ bound": at −m its rejection says that the margin is exceeded.
  const logViolation = isRequired ? logFutilityE(histogram, -margin) : logHarmE(histogram);
  return logViolation >= logGuardrail;
}

function after(ledger: Ledger, name: string = primaryLedger): string {
  const histogram = ledger[name] ?? {};
  const mean = meanOf(histogram);
  const pairs = `after ${countOf(histogram)} pairs`;
  return mean === null ? pairs : `${pairs}, mean ${mean >= 0 ? '+' : ''}${mean.toFixed(3)}`;
}

/** What the judge adds to a sentence on the evidence. */
function judgesShare(judge: JudgeEvidence | undefined): string {
  if (judge === undefined || judge.weight === 0) return '';
  if (judge.isShifted) return '; the judge is left out: ground truth is not missing at random';
  return judge.effectivePairs === null ? '' : `, worth ${Math.round(judge.effectivePairs)} with the judge`;
}

function figure(value: number): string {
  return value.toFixed(2);
}
