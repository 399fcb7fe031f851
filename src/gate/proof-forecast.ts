import { pairsToProve } from '../stats/pairs-to-prove.ts';
import { pairsMax, pairsMin } from './verdict.ts';
import { logGuardrail } from './test-evidence.ts';

/** What is known of a task's traffic when somebody asks how long a proof takes. */
export interface TrafficFigures {
  /** Conversations a day that can be graded. */
  readonly gradedPerDay: number;
  /** Pairs a day that the budget of one campaign allows. */
  readonly affordedPerDay: number;
  /** Of the score differences, ≥ 0. */
  readonly variance: number;
  /** α_t of the next test. */
  readonly alphaLevel: number;
  /** Whether guardrails and slices are shown at α_t. */
  readonly isStrict: boolean;
  /** What has to hold beside the gain. */
  readonly conditions: readonly ConditionFigures[];
}

export interface ConditionFigures {
  readonly name: string;
  readonly margin: number;
  /** Of its differences; 0: they are expected to be ties. */
  readonly variance: number;
  /** Share of conversations that speak to it, [0, 1]. */
  readonly share: number;
}

/** How long a proof takes, about: half of all tests take less. */
export interface ProofForecast {
  readonly effect: number;
  /** For the gain itself, at least 30. */
  readonly pairs: number;
  /** Pairs until everything holds. */
  readonly pairsInAll: number;
  /** What takes longest: `gain`, or the name of a condition. */
  readonly bottleneck: string;
  readonly pairsPerDay: number;
  /** Whether traffic or budget bounds the pairs of a day. */
  readonly boundBy: 'traffic' | 'budget';
  /** Infinity where no pair comes. */
  readonly days: number;
  /** Whether it fits into the 2,000 pairs after which a test ends undecided. */
  readonly isWithinTest: boolean;
}

/**
 * How long an edit of this true effect would take to prove. The conditions are taken to hold with no difference at all,
 * so that this is the least they take; they are collected beside the gain, and the slowest one counts.
 */
export function forecastProof(effect: number, traffic: TrafficFigures): ProofForecast {
  const { gradedPerDay, affordedPerDay, variance, alphaLevel, isStrict, conditions } = traffic;
  const logLevel = -Math.log(alphaLevel);
  const pairs = Math.max(pairsMin, pairsToProve({ effect, variance, logThreshold: logLevel }));
  const needs = [
    { name: 'gain', pairs },
    ...conditions.map(({ name, margin, variance: noise, share }) => ({
      name,
      pairs: Math.ceil(
        pairsToProve({
          effect: 0,
          variance: noise,
          margin,
          logThreshold: isStrict ? logLevel : logGuardrail,
        }) / share,
      ),
    })),
  ];
  const slowest = needs.reduce((one, other) => (other.pairs > one.pairs ? other : one));
  const pairsPerDay = Math.min(gradedPerDay, affordedPerDay);
  return {
    effect,
    pairs,
    pairsInAll: slowest.pairs,
    bottleneck: slowest.name,
    pairsPerDay,
    boundBy: affordedPerDay < gradedPerDay ? 'budget' : 'traffic',
    days: pairsPerDay > 0 ? slowest.pairs / pairsPerDay : Infinity,
    isWithinTest: slowest.pairs <= pairsMax,
  };
}
