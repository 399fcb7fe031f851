import { isOpen, type Campaign } from '../../domain/campaign.ts';
import { originOf, restartsIn } from './origin-of.ts';
import { placesIn } from './place.ts';
import type { ChosenSetup, SetupOutcome } from './setup.ts';

/** What a call of the optimizer model costs, in calls of the agent's model: its prompts and answers are longer. */
const optimizerCallCost = 10;

/** What a prompt without an edit of no worth counts for beside one that is better: it is shorter, and that is all. */
const pruneGain = 0.2;

/** Past requests that screening tries a candidate on; the incumbent's answers are mostly known by then. */
export const screeningCost = 40;

/** Both variants answer each request of a test; open tests share the incumbent's answers. */
const pairCost = 1.5;

/**
 * What became of the proposals that a model was asked for, by setup and by what stood before them: promoted and still in place is 1, everything else
 * that has ended is 0. The cost is the optimizer's calls, the trial on past requests, and the pairs of the test.
 * Proposals that nobody asked a model for (restored, transferred, merged, by hand) say nothing of a setup. An ended
 * campaign that another incumbent overtook is left out too: the gate restarts it, and its restart is counted.
 */
export function setupOutcomes(
  campaigns: readonly Campaign[],
  known: ReadonlySet<string>,
  weight: number,
): readonly SetupOutcome[] {
  const restarts = restartsIn(campaigns);
  const placeBefore = placesIn(campaigns);
  return campaigns.flatMap((campaign): SetupOutcome[] => {
    const { proposal } = originOf(campaign, restarts.known);
    if (isOpen(campaign.state) || restarts.restarted.has(campaign.id) || !known.has(proposal.optimizer))
      return [];
    const { optimizer, setup } = proposal;
    return [
      {
        optimizer,
        batchSize: setup?.batchSize ?? null,
        horizon: setup?.horizon ?? null,
        gain: campaign.state !== 'promoted' ? 0 : proposal.purpose === 'prune' ? pruneGain : 1,
        cost:
          optimizerCallCost * (setup?.calls ?? 1) +
          screeningCost +
          pairCost * (campaign.verdict?.evidence.pairs ?? 0),
        weight,
        place: placeBefore(proposal.atMs),
      },
    ];
  });
}

/** What a turn that came to nothing says of its setup: as much as a proposal that failed, at the price of its calls. */
export function barrenTurn(
  { optimizer, batchSize, horizon, place, wording }: ChosenSetup,
  calls: number,
): SetupOutcome {
  const cost = optimizerCallCost * Math.max(1, calls);
  return { optimizer, batchSize, horizon, gain: 0, cost, weight: 1, place, ...(wording && { wording }) };
}
