import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion } from '../domain/chat.ts';
import type { Pair, ShadowRun } from '../domain/shadow-run.ts';
import type { TaskConfig } from '../domain/task.ts';
import type { Trace } from '../domain/trace.ts';
import type { ReplayOutcome } from './answer-requests.ts';
import { behaviourDistances } from './behaviour.ts';
import { isComparable } from './comparable.ts';
import type { Comparisons } from './judge-pairs.ts';
import { averageDifferences, differencesOf, type Differences } from './pair-differences.ts';
import { unansweredLedger } from './shadow-coverage.ts';
import { segmentOf } from './strata.ts';
import { withSlice } from './slice-ledgers.ts';

/** A replayed request with what became of it. */
export interface Replayed {
  readonly trace: Trace;
  readonly outcome: ReplayOutcome;
  /** What the judges say of the candidate's answer beside the incumbent's; absent where they were not asked. */
  readonly comparisons?: Comparisons;
}

/**
 * What one candidate's replays add to a ledger: one pair for each conversation, the mean over its requests at hand. A
 * conversation with a skipped request waits for another cycle. One that cannot tell anything makes an empty pair, so
 * that it is not looked at again. Its segment is the one that it began in. `compare` says what one answered request tells.
 */
export function unitPairs(
  campaignId: string,
  replayed: readonly Replayed[],
  compare: (request: AnsweredRequest) => Differences,
): readonly Pair[] {
  return [...Map.groupBy(replayed, ({ trace }) => trace.decision.episodeId)].flatMap(
    ([unitId, requests]): Pair[] => {
      if (requests.some(({ outcome }) => outcome.kind === 'skipped')) return [];
      const differences = requests.flatMap(({ trace, outcome, comparisons = [] }) => {
        const { content } = trace.decision;
        if (outcome.kind !== 'answered' || content === null) return [];
        const { request, completion: recorded } = content;
        return [compare({ request, recorded, expected: trace.expected, runs: outcome.runs, comparisons })];
      });
      const [first] = requests;
      const segment = first === undefined ? null : segmentOf(first.trace);
      return [{ campaignId, unitId, differences: withSlice(averageDifferences(differences), segment) }];
    },
  );
}

/** A recorded request with the variants' answers to it. */
export interface AnsweredRequest {
  readonly request: AgentRequest;
  /** What the agent went on with. */
  readonly recorded: Completion;
  readonly expected: string | null;
  /** By variant id. */
  readonly runs: ReadonlyMap<string, ShadowRun>;
  readonly comparisons: Comparisons;
}

/** Differences of one variant to another one on a request; where either did not answer, that is all there is to say. */
export function compareRuns(
  config: TaskConfig,
  { runs, ...request }: AnsweredRequest,
  candidateId: string,
  incumbentId: string,
): Differences {
  const [candidate, incumbent] = [runs.get(candidateId), runs.get(incumbentId)];
  if (candidate === undefined || incumbent === undefined) return { [unansweredLedger]: 1 };
  const pair = { candidate, incumbent, ...request };
  if (!isComparable(pair)) return {};
  return { ...differencesOf(config, pair), ...behaviourDistances(pair, config.graders) };
}
