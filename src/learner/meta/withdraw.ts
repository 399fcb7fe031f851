import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import { meanOf, primaryLedger, type Histogram } from '../../domain/histogram.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import { testWorth } from '../../stats/test-worth.ts';
import { addedEdits, givenUp } from '../edit-history.ts';
import type { LearnerDeps } from '../learner-deps.ts';
import { emptyTaskMemory } from '../learner-memory.ts';
import { optimizers } from '../optimizers/optimizers.ts';
import type { EffectPrior } from './effect-prior.ts';
import { readLore } from './lore.ts';
import { warmStartName } from './origins.ts';
import { pairsMax, pairVariance, worthOfIdea, worthShareMin } from './worth.ts';

/** Pairs before a test is looked at, and from one look to the next. */
const pairsMin = 100;
const pairsBetween = 50;

/**
 * Gives up tests that are worth less for what they still cost than a fresh idea would be: what they have shown so far
 * leaves little to hope for, and to be sure would take many hundreds of pairs. This ends them undecided and changes
 * nothing that has been promised: to stop early never promotes, and the edits may come back on another incumbent, or
 * together with others. Only tests of its own proposals for a gain, only while there is somebody to ask, and only where
 * the learner chooses for itself.
 */
export async function withdrawUnpromising(deps: LearnerDeps, { task, plan }: TaskSnapshot): Promise<void> {
  const memory = deps.memory.tasks.get(task.id) ?? emptyTaskMemory;
  if (task.config.learner.choice === 'turns' || memory.fruitless > 0) return;
  const open = await deps.store.readCampaigns(task.id, 'open');
  const due = open.filter((one) => isDue(one, plan.incumbentId, memory.lookedAtPairs[one.id] ?? 0));
  if (due.length === 0) return;
  const campaigns = await deps.store.readCampaigns(task.id, 'all');
  const { prior } = await readLore(deps.store, task, campaigns, new Set(optimizers.keys()));
  const looked = Object.fromEntries(open.map(({ id }) => [id, memory.lookedAtPairs[id] ?? 0]));
  for (const campaign of due) {
    looked[campaign.id] = pairsOf(campaign);
    const ledger = await deps.store.readLedger(campaign.id);
    const given = giveUp(campaign, prior, ledger[primaryLedger] ?? {});
    if (given === undefined) continue;
    const outcome = await deps.store.commitGate({
      taskId: task.id,
      campaigns: [
        moveCampaign(campaign, 'inconclusive', {
          atMs: deps.clock.now(),
          reason: given.verdict.reason,
          verdict: given.verdict,
        }),
      ],
    });
    if (outcome === 'conflict') continue;
    const { optimizer } = campaign.proposal;
    deps.logger.info('learner.withdrawn', { taskId: task.id, campaignId: campaign.id, optimizer });
    deps.telemetry.count('ratchet.campaigns', 1, { task: task.name, outcome: 'withdrawn' });
  }
  deps.memory.tasks.set(task.id, { ...memory, lookedAtPairs: looked });
}

function isDue(
  { state, verdict, proposal, incumbentId, terms }: Campaign,
  present: string,
  before: number,
): boolean {
  const pairs = verdict?.evidence.pairs ?? 0;
  const isOwn = optimizers.has(proposal.optimizer) || proposal.optimizer === warmStartName;
  return (
    state === 'shadow' &&
    verdict?.kind === 'continue' &&
    terms?.mode !== 'equivalence' &&
    isOwn &&
    incumbentId === present &&
    pairs >= pairsMin &&
    pairs - before >= pairsBetween
  );
}

function pairsOf({ verdict }: Campaign): number {
  return verdict?.evidence.pairs ?? 0;
}

/** The verdict with which a test is given up; `undefined` where it is worth going on. Pure. */
export function giveUp(
  campaign: Campaign,
  prior: EffectPrior,
  differences: Histogram,
): { readonly verdict: NonNullable<Campaign['verdict']> } | undefined {
  const { proposal, verdict } = campaign;
  const edits = addedEdits(proposal.variant, proposal.parentId);
  if (verdict === null || edits === undefined || edits.length === 0) return undefined;
  const { evidence } = verdict;
  const variance = varianceOf(differences) ?? pairVariance;
  const going = testWorth({
    ...prior.predict(edits),
    pairVariance: variance,
    natsLeft: evidence.logThreshold - evidence.logSuperiority,
    pairsLeft: Math.max(1, pairsMax - evidence.pairs),
    pairsBefore: 0,
  });
  const fresh = worthOfIdea(prior.fresh, variance);
  if (going >= worthShareMin * fresh) return undefined;
  const reason = `${givenUp} after ${evidence.pairs} pairs: ${perThousand(going)} expected of another thousand, ${perThousand(fresh)} of a new proposal`;
  return { verdict: { kind: 'inconclusive', reason, evidence } };
}

function perThousand(worth: number): string {
  return (1000 * worth).toFixed(2);
}

/** Of the paired differences, which are counted in hundredths; `null` for fewer than 30 or where they do not vary. */
function varianceOf(differences: Histogram): number | null {
  const mean = meanOf(differences);
  const counts = Object.entries(differences);
  const count = counts.reduce((sum, [, each]) => sum + each, 0);
  if (mean === null || count < 30) return null;
  const squares = counts.reduce((sum, [key, each]) => sum + each * (Number(key) / 100 - mean) ** 2, 0);
  return squares > 0 ? squares / (count - 1) : null;
}
