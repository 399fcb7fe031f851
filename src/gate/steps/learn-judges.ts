import type { Campaign } from '../../domain/campaign.ts';
import { judgingOf } from '../judge-standing.ts';
import { readJudge } from '../read-judge.ts';
import type { Step } from './step.ts';

/**
 * Gives the judge its weight in tests that began before it was known what it is worth. It counts from the next pair on:
 * a weight is committed before the pairs that it corrects are looked at.
 */
export const learnJudges: Step = async (view, session) => {
  const learning = view.campaigns.filter(isLearning);
  const judge = learning.length === 0 ? undefined : await readJudge(view, session);
  if (judge === undefined) return null;
  const campaigns = learning.flatMap((campaign): Campaign[] => {
    const judging = judgingOf({ ...judge, alphaLevel: campaign.alphaLevel ?? 1 });
    return judging.isLearning ? [] : [{ ...campaign, revision: campaign.revision + 1, judging }];
  });
  return campaigns.length === 0 ? null : { taskId: view.task.id, campaigns };
};

function isLearning({ state, judging }: Campaign): boolean {
  return state === 'shadow' && judging?.isLearning === true;
}
