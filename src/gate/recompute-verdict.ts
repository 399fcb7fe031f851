import type { Campaign } from '../domain/campaign.ts';
import type { Ledger } from '../domain/histogram.ts';
import type { TaskConfig } from '../domain/task.ts';
import type { Verdict } from '../domain/verdict.ts';
import { logHarmE } from '../stats/log-mixture-e.ts';
import { judgeLedger } from './judge-ledgers.ts';
import { logGuardrail } from './test-evidence.ts';
import { testOf } from './test-of.ts';
import { judgeLedgers, logFutile, logHarmful } from './verdict.ts';

/** One e-value beside the bar that it is held against; logarithms are natural. */
export interface EvidenceLine {
  readonly name: string;
  /** What is refuted where the bar is reached. */
  readonly hypothesis: string;
  readonly logE: number;
  readonly logThreshold: number;
  /** What reaching the bar would do. */
  readonly effect: 'promote' | 'reject';
}

/**
 * - `agrees`: the stored verdict follows from the ledger, to the last bit.
 * - `behind`: the test goes on, or was ended from without, and pairs were counted since the stored verdict.
 * - `differs`: the ledger says something else.
 * - `none`: there is no stored verdict yet.
 */
export type Agreement = 'agrees' | 'behind' | 'differs' | 'none';

export interface Recomputed {
  readonly verdict: Verdict;
  readonly lines: readonly EvidenceLine[];
  readonly agreement: Agreement;
  /** Why, in a sentence. */
  readonly explanation: string;
}

/**
 * The verdict of a campaign, made anew from what is stored: its ledger, and terms, level and judge as the test began
 * with them. Needs nothing that the gate remembers.
 */
export function recomputeVerdict(campaign: Campaign, ledger: Ledger, config: TaskConfig): Recomputed {
  const { verdict } = judgeLedgers(ledger, testOf(campaign, config));
  return { verdict, lines: linesOf(verdict, ledger), ...compare(campaign.verdict, verdict) };
}

function compare(stored: Verdict | null, found: Verdict): Pick<Recomputed, 'agreement' | 'explanation'> {
  if (stored === null) return { agreement: 'none', explanation: 'no verdict is stored yet' };
  const isSame = JSON.stringify(stored.evidence) === JSON.stringify(found.evidence);
  if (isSame && stored.kind === found.kind)
    return { agreement: 'agrees', explanation: 'the stored verdict follows from the ledger' };
  // Time, or the lack of a grader that may promote, can end a test that the ledger would let go on.
  if (isSame && stored.kind === 'inconclusive' && found.kind === 'continue')
    return { agreement: 'agrees', explanation: `the evidence agrees; the test was ended: ${stored.reason}` };
  const more = found.evidence.pairs - stored.evidence.pairs;
  if (stored.kind === 'continue' && more >= 0 && !isSame)
    return { agreement: 'behind', explanation: `${more} pairs were counted since the stored verdict` };
  return {
    agreement: 'differs',
    explanation: `stored is ${stored.kind}, ${stored.reason}; the ledger says ${found.kind}, ${found.reason}`,
  };
}

function linesOf({ evidence }: Verdict, ledger: Ledger): readonly EvidenceLine[] {
  const { logThreshold, equivalence } = evidence;
  const line = (
    name: string,
    hypothesis: string,
    logE: number,
    [threshold, effect]: readonly [number, EvidenceLine['effect']],
  ): EvidenceLine => ({ name, hypothesis, logE, logThreshold: threshold, effect });
  const promote = [logThreshold, 'promote'] as const;
  const harmful = [logHarmful, 'reject'] as const;
  const futile = [logFutile, 'reject'] as const;
  const goal =
    equivalence === undefined
      ? [
          line('superiority', 'score difference ≤ 0', evidence.logSuperiority, promote),
          line('harm', 'score difference ≥ 0', evidence.logHarm, harmful),
          line('futility', 'score difference ≥ mde', evidence.logFutility, futile),
        ]
      : equivalenceLines(equivalence).map(([name, hypothesis, logE, effect]) =>
          line(name, hypothesis, logE, effect === 'promote' ? promote : futile),
        );
  const judged = ledger[judgeLedger];
  return [
    ...goal,
    ...evidence.guardrails.map(({ name, margin, logNonInferiority, logHarm = 0, isRequired, ...bar }) =>
      isRequired === false
        ? line(name, 'difference ≥ 0', logHarm, [logGuardrail, 'reject'])
        : line(name, `difference ≤ −${margin.toFixed(3)}`, logNonInferiority, [bar.logThreshold, 'promote']),
    ),
    ...(judged === undefined ? [] : [line('judge', 'judged difference ≥ 0', logHarmE(judged), harmful)]),
  ];
}

type Equivalence = NonNullable<Verdict['evidence']['equivalence']>;

function equivalenceLines({
  margin,
  logNonInferiority,
  anchor,
  secondary,
}: Equivalence): readonly (readonly [string, string, number, EvidenceLine['effect']])[] {
  return [
    ['non-inferiority', `score difference ≤ −${margin}`, logNonInferiority, 'promote'],
    ...(anchor === null
      ? []
      : [['anchor', `score difference ≤ −${margin}`, anchor.logNonInferiority, 'promote'] as const]),
    [secondary.name, 'gain ≤ 0', secondary.logSuperiority, 'promote'],
    [`${secondary.name} futility`, 'gain ≥ mde', secondary.logFutility, 'reject'],
  ];
}
