import type { Grade, GraderConfig } from '../../domain/grader.ts';

/** Scores of two answers to one request, made by the same graders. */
export interface ScorePair {
  readonly candidate: number;
  readonly incumbent: number;
}

/** Two answers' grades, in the order of the configuration. */
export interface GradePair {
  readonly candidate: readonly Grade[];
  readonly incumbent: readonly Grade[];
}

/**
 * The weighted mean of the graders that scored both answers, each mean rounded to 2 decimals; `undefined` where none
 * did. A grader that misses one of the two answers is left out of both, since the scores are only good for their
 * difference. `isUsed` picks the graders.
 */
export function combineGrades(
  configs: readonly GraderConfig[],
  grades: GradePair,
  isUsed: (config: GraderConfig) => boolean,
): ScorePair | undefined {
  let weights = 0;
  let candidateSum = 0;
  let incumbentSum = 0;
  for (const [index, config] of configs.entries()) {
    const candidate = grades.candidate[index];
    const incumbent = grades.incumbent[index];
    if (!isUsed(config) || candidate?.kind !== 'score' || incumbent?.kind !== 'score') continue;
    weights += config.weight;
    candidateSum += config.weight * candidate.score;
    incumbentSum += config.weight * incumbent.score;
  }
  if (weights === 0) return undefined;
  return { candidate: round(candidateSum / weights), incumbent: round(incumbentSum / weights) };
}

function round(score: number): number {
  return Math.round(score * 100) / 100;
}
