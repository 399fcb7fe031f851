import type { Random } from '../../src/domain/random.ts';
import { heldOutCheck, heldOutRequests } from '../../src/gate/held-out.ts';

/** What is told of a candidate that was tried on the same past requests as all others. */
export type Release = 'exact' | 'ladder' | 'screened-out';

/** A candidate put together from what was told of others. */
export interface Boosted {
  /** Gain over the incumbent that it shows on these requests. */
  readonly claimed: number;
  /** Its true gain: nobody's answers have anything to do with the truth. */
  readonly truly: 0;
}

/**
 * The boosting attack on a set of requests that is used again and again: candidates answer by the toss of a coin, and
 * the last one answers as the majority of those did that were said to do well, against those that were said to do badly.
 * Blum & Hardt, "The Ladder: a reliable leaderboard for machine learning competitions", ICML 2015; its parameter-free
 * form tells a score only where it beats the best one told so far by more than a standard error, SD/√n.
 */
export function boost(release: Release, queries: number, random: Random): Boosted {
  const coin = (): boolean => random.next() < 0.5;
  const tosses = (): readonly boolean[] => Array.from({ length: heldOutRequests }, coin);
  const truth = tosses();
  const incumbent = tosses();
  const differences = (answers: readonly boolean[]): readonly number[] =>
    answers.map((answer, item) => Number(answer === truth[item]) - Number(incumbent[item] === truth[item]));
  const votes = Array.from({ length: heldOutRequests }, () => 0);
  let best = -Infinity;
  for (let query = 0; query < queries; query++) {
    const answers = tosses();
    const told = tell(release, differences(answers), best);
    best = Math.max(best, told.best);
    answers.forEach((answer, item) => (votes[item] = (votes[item] ?? 0) + (answer ? told.vote : -told.vote)));
  }
  return { claimed: mean(differences(votes.map((vote) => vote > 0))), truly: 0 };
}

interface Told {
  /** Whether, and how strongly, the candidate's answers are taken for right. */
  readonly vote: number;
  readonly best: number;
}

function tell(release: Release, differences: readonly number[], best: number): Told {
  const gain = mean(differences);
  switch (release) {
    case 'exact':
      return { vote: gain, best };
    case 'ladder': {
      const spread = Math.sqrt(mean(differences.map((difference) => (difference - gain) ** 2)));
      const isBetter = gain > best + spread / Math.sqrt(differences.length);
      return { vote: isBetter ? 1 : 0, best: isBetter ? gain : best };
    }
    case 'screened-out': {
      // The one bit that the gate's own trial tells its learner.
      const isPassed = heldOutCheck(differences)?.isPassed !== false;
      return { vote: isPassed ? 0 : -1, best };
    }
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
