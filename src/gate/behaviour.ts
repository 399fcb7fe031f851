import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion } from '../domain/chat.ts';
import type { GraderConfig } from '../domain/grader.ts';
import { countOf, meanOf, type Ledger } from '../domain/histogram.ts';
import type { BehaviourEvidence } from '../domain/verdict.ts';
import { embedLocally } from './embed-texts.ts';
import { hasDeclaredFormat } from './format.ts';
import type { AnswerPair, Differences } from './pair-differences.ts';
import { isRefusal } from './refusal.ts';

/** Ledger of how far the candidate's answers lie from the incumbent's, in [0, 1]. */
const behaviourLedger = 'distance:behaviour';

/** Ledger of how far the incumbent's answers lie from those that the agent got to the same requests. */
const ownBehaviourLedger = 'distance:own';

/** τ: beyond this distance a candidate acts so differently that the tests it passes may not have seen what it does. */
const behaviourMax = 0.35;

/** What is asked of such a candidate: so many times the evidence, and to begin with this share of traffic. */
const farEvidenceFactor = 4;
const farEntryShare = 0.005;

/**
 * How differently two answers to one request read, in [0, 1]: 1 where only one of them refuses or keeps the declared
 * form, else 1 − the cosine of their character n-grams. 0 for equal answers.
 */
export function answerDistance(
  one: Completion,
  other: Completion,
  given: { readonly request: AgentRequest; readonly graders: readonly GraderConfig[] },
): number {
  const [ours, theirs] = [shownOf(one), shownOf(other)];
  if (ours === theirs) return 0;
  const formOf = (answer: Completion): boolean | undefined =>
    hasDeclaredFormat({ request: given.request, answer }, given.graders);
  if (isRefusal(one) !== isRefusal(other) || formOf(one) !== formOf(other)) return 1;
  return Math.min(1, 1 - embedLocally().cosineOf(ours, theirs));
}

/** What a pair says in the ledgers of behaviour: distances, which have no better side, beside the differences. */
export function behaviourDistances(
  { candidate, incumbent, request, recorded = null }: AnswerPair,
  graders: readonly GraderConfig[],
): Differences {
  const given = { request, graders };
  return {
    [behaviourLedger]: answerDistance(candidate.completion, incumbent.completion, given),
    ...(recorded === null
      ? {}
      : { [ownBehaviourLedger]: answerDistance(recorded, incumbent.completion, given) }),
  };
}

/**
 * What the answers of a test say of how differently the candidate acts: their mean distance, less that which the
 * incumbent's answers have from one another, where the agent's own answers were recorded: a model that never says the
 * same thing twice must not make every candidate look far. Beyond τ = .35 promotion takes 4 times the evidence, E ≥ 4/α_t.
 * To ask for more than a test's level does never makes it wrong more often.
 */
export function behaviourOf(ledger: Ledger): BehaviourEvidence | undefined {
  const between = ledger[behaviourLedger] ?? {};
  const mean = meanOf(between);
  if (mean === null) return undefined;
  const own = meanOf(ledger[ownBehaviourLedger] ?? {});
  const distance = Math.max(0, mean - (own ?? 0));
  return {
    pairs: countOf(between),
    distance,
    ownDistance: own,
    distanceMax: behaviourMax,
    evidenceFactor: distance > behaviourMax ? farEvidenceFactor : 1,
  };
}

/** Share of traffic that a candidate starts with, at most; `null`: as any other. */
export function entryShareOf(behaviour: BehaviourEvidence | undefined): number | null {
  return behaviour !== undefined && behaviour.evidenceFactor > 1 ? farEntryShare : null;
}

/** In a sentence; empty where nothing is unusual. */
export function behaviourInWords(behaviour: BehaviourEvidence | undefined): string {
  if (behaviour === undefined || behaviour.evidenceFactor === 1) return '';
  const { distance, distanceMax, evidenceFactor } = behaviour;
  return `; its answers are far from the incumbent’s, ${distance.toFixed(2)} where ${distanceMax} is usual, so ${evidenceFactor} times the evidence is asked for`;
}

function shownOf({ text, toolCalls, refusal }: Completion): string {
  const calls = toolCalls.map((call) => `${call.name}(${call.arguments})`);
  return [text, refusal ?? '', ...calls].filter((part) => part !== '').join('\n');
}
