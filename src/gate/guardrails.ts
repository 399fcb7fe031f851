import type { GraderConfig } from '../domain/grader.ts';
import type { TaskConfig } from '../domain/task.ts';
import type { GuardrailTerms } from '../domain/test-terms.ts';
import type { Answered } from './answered.ts';
import { hasDeclaredFormat } from './format.ts';
import { isRefusal } from './refusal.ts';

/** How two answers to one request differ, in [-1, 1], positive where the candidate is better; `undefined`: no say. */
export type GuardrailMeasure = (
  candidate: Answered,
  incumbent: Answered,
  graders: readonly GraderConfig[],
) => number | undefined;

interface Measure {
  readonly kind: 'binary' | 'ratio';
  readonly difference: GuardrailMeasure;
}

const latency: Measure = ratio(({ latencyMs }) => latencyMs);
const cost: Measure = ratio(({ costUsd }) => costUsd);
const tokens: Measure = ratio(({ usage }) => usage.inputTokens + usage.outputTokens);
const outputTokens: Measure = ratio(({ usage }) => usage.outputTokens);

/** What two recorded answers can tell by themselves: a new measure is a line here. */
const measures: ReadonlyMap<string, Measure> = new Map([
  ['format', binary((answered, graders) => hasDeclaredFormat(answered, graders))],
  ['refusal', binary(({ answer }) => !isRefusal(answer))],
  ['latency', latency],
  ['latency_ms', latency],
  ['cost', cost],
  ['cost_usd', cost],
  ['tokens', tokens],
  ['output_tokens', outputTokens],
]);

/** What is measured of every pair, declared or not, so that whoever decides sees what a candidate costs. */
const alwaysMeasured: readonly string[] = ['format', 'refusal', 'latency', 'cost', 'tokens'];

/** Guardrails that hold without being declared. They veto; see `verdict.ts` for why they are not required. */
const defaultGuardrails: readonly string[] = ['format', 'refusal'];

/** Largest margin in a ledger's units: a difference is at least -1, so a margin of 1 would allow everything. */
const marginMax = 0.99;

/**
 * The guardrails of a task: each metric that declares one, then format and refusal. A ratio's margin x means at most
 * (1 + x) times as much, m = log2(1 + x). A declared guardrail on a metric that only users can report, and that names no
 * grader, has no measure here, and so no evidence: it holds a promotion up rather than being passed over in silence. The metric that is the
 * whole reward needs no guardrail beside it: a candidate must be better by that already.
 */
export function guardrailsOf({
  metrics,
  gate,
  reward,
}: Pick<TaskConfig, 'metrics' | 'gate' | 'reward'>): readonly GuardrailTerms[] {
  const declared = Object.entries(metrics).flatMap(([name, { guardrail }]): GuardrailTerms[] => {
    const isReward = Object.keys(reward).every((rewarded) => rewarded === name);
    if (guardrail === null || (isReward && !measures.has(name))) return [];
    return [{ name, margin: marginIn(name, guardrail.margin), isRequired: true }];
  });
  const vetoes = defaultGuardrails
    .filter((name) => !declared.some((guardrail) => guardrail.name === name))
    .map((name) => ({ name, margin: gate.margin, isRequired: false }));
  return [...declared, ...vetoes];
}

/**
 * Declared guardrails without any measure: only users report them, so no test can show that they hold, and nothing is
 * promoted.
 */
export function unmeasuredGuardrails(
  config: Pick<TaskConfig, 'metrics' | 'gate' | 'reward'>,
): readonly string[] {
  return guardrailsOf(config)
    .filter(({ name, isRequired }) => isRequired && !measures.has(name))
    .map(({ name }) => name)
    .filter((name) => config.metrics[name]?.grader === undefined);
}

/** A share such as .10 in the units of a ledger's differences: for a ratio, log2 of it and 1. At most .99. */
export function marginIn(name: string, share: number): number {
  const isRatio = measures.get(name)?.kind === 'ratio';
  return Math.min(marginMax, isRatio ? Math.log2(1 + share) : share);
}

/** The ledgers that a pair of answers speaks to beside the score. */
export function measuredNames(config: Pick<TaskConfig, 'metrics' | 'gate' | 'reward'>): ReadonlySet<string> {
  const { secondary } = config.gate;
  return new Set([
    ...guardrailsOf(config).map(({ name }) => name),
    ...alwaysMeasured,
    ...(secondary === undefined ? [] : [secondary]),
  ]);
}

/** The measure behind a guardrail's name; `undefined` where two recorded answers cannot tell. */
export function measureOf(name: string): GuardrailMeasure | undefined {
  return measures.get(name)?.difference;
}

/** log2(incumbent/candidate), clipped to [-1, 1]; what costs nothing on both sides is a tie. */
function ratio(amountOf: (answered: Answered) => number): Measure {
  return {
    kind: 'ratio',
    difference: (candidate, incumbent) => {
      const [mine, other] = [amountOf(candidate), amountOf(incumbent)];
      if (mine === other) return 0;
      return Math.min(1, Math.max(-1, Math.log2(other / mine)));
    },
  };
}

/** Good or not; no say where either answer leaves it open. */
function binary(
  isGood: (answered: Answered, graders: readonly GraderConfig[]) => boolean | undefined,
): Measure {
  return {
    kind: 'binary',
    difference: (candidate, incumbent, graders) => {
      const [mine, other] = [isGood(candidate, graders), isGood(incumbent, graders)];
      return mine === undefined || other === undefined ? undefined : Number(mine) - Number(other);
    },
  };
}
