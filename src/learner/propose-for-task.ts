import type { Campaign } from '../domain/campaign.ts';
import type { ProposalSetup } from '../domain/proposal.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import { archiveOf } from './archive.ts';
import { openAskSession, type AskResult } from './ask.ts';
import { chooseCandidates } from './choose-candidates.ts';
import { countDrops } from './drop-reason.ts';
import { triedChanges } from './edit-history.ts';
import { exampleScores } from './example-scores.ts';
import { findGround, type Ground } from './find-ground.ts';
import { bringTransfers, joinGains, restoreLost, tryWithoutAnEdit } from './free-proposals.ts';
import { formatFirst } from './format-first.ts';
import { groundNow } from './ground-now.ts';
import { growthCharactersMax } from './growth-characters.ts';
import { guardOutput } from './guard-output.ts';
import type { LearnerDeps, TaskOutcome } from './learner-deps.ts';
import { openCampaigns } from './open-campaigns.ts';
import { withHorizon } from './meta/episode-rewards.ts';
import { planTurn } from './meta/plan-turn.ts';
import { withdrawUnpromising } from './meta/withdraw.ts';
import { rankCandidates } from './meta/rank-candidates.ts';
import { barrenTurn } from './meta/setup-outcomes.ts';
import type { ChosenSetup } from './meta/setup.ts';
import { withWording } from './meta/wordings.ts';
import type { Ask, OptimizerContext } from './optimizer.ts';
import { prune } from './optimizers/prune.ts';
import { proposalsMax } from './proposals.schema.ts';
import { remember, tellBudgetIsSpent, tellChoice } from './turn-memory.ts';

/**
 * One task's part of a cycle: find what can be asked about it, let the optimizer whose turn it is propose, keep what
 * is new and fits, and open a campaign for each. Until then nothing is stored but what was spent, so that a process
 * killed anywhere has lost one turn at most.
 */
export async function proposeForTask(
  deps: LearnerDeps,
  model: ChatModel,
  view: TaskSnapshot,
): Promise<TaskOutcome> {
  await withdrawUnpromising(deps, view);
  const ground = await findGround(deps, view);
  if (ground.kind === 'skipped') {
    if (ground.reason === 'budget-spent') tellBudgetIsSpent(deps, view);
    return ground;
  }
  const { prompt } = ground;
  const { task } = view;
  const campaigns = await deps.store.readCampaigns(task.id, 'all');
  const turn = await planTurn(deps, ground, campaigns);
  const { optimizer, chosen, prior } = turn;
  // Where something is known of edits, more are asked for than can be tested, and the best of them are.
  const count = prior === null ? Math.min(ground.room, proposalsMax) : proposalsMax;
  const session = openAskSession(
    { ...deps, model },
    { task, optimizerModelName: deps.optimizerModelName, prompt, count, incumbent: ground.incumbent },
  );
  const ask = formatFirst(withWording(session.ask, chosen?.wording?.id), ground.traces);
  const context = await contextOf(deps, ground, { campaigns, chosen, count, ask });
  const free = (await restoreLost(deps, context, ground)) ?? (await bringTransfers(deps, turn, ground));
  if (free !== undefined) return free;

  const { examples } = task.config.learner;
  const guarded = guardOutput(await optimizer.propose(context), { ...context, examples });
  const ranked = rankCandidates(guarded.candidates, ground.incumbent, prior);
  const { candidates } = ranked;
  const asked = session.result();
  if (chosen !== null) tellChoice(deps, task, chosen);
  if (guarded.candidates.length === 0 && asked.failure !== null)
    return unanswered(deps, ground, asked.failure);

  const now = await groundNow(deps, ground);
  if (now === undefined) return { kind: 'overtaken' };
  const { variants, dropped } = chooseCandidates(candidates, now);
  const campaignIds = await openCampaigns(deps, now.view, variants, {
    optimizer: optimizer.name,
    shown: [...new Set([...asked.shown, ...guarded.shown])],
    purpose: guarded.purpose,
    costUsd: asked.costUsd,
    ...(chosen === null ? {} : { setup: setupOf(chosen, asked.calls) }),
  });
  const counts = countDrops([...guarded.dropped, ...ranked.dropped, ...dropped], asked.dropped);
  const told = chosen === null ? {} : { chosen };
  if (campaignIds.length > 0) {
    remember(deps, ground, 'fruitful');
    return { kind: 'proposed', optimizer: optimizer.name, campaignIds, dropped: counts, ...told };
  }
  remember(deps, ground, 'fruitless', chosen === null ? [] : [barrenTurn(chosen, asked.calls)]);
  const joined = await joinGains(deps, context, { ground, prior });
  if (joined !== undefined) return joined;
  const instead = await tryWithoutAnEdit(deps, context, now);
  return instead.length > 0
    ? { kind: 'proposed', optimizer: prune.name, campaignIds: instead, dropped: counts }
    : {
        kind: 'nothing-new',
        optimizer: optimizer.name,
        dropped: counts,
        malformed: asked.malformed,
        ...told,
      };
}

/** What a proposal keeps of how its turn was chosen. */
function setupOf({ batchSize, horizon, reason, wording }: ChosenSetup, calls: number): ProposalSetup {
  return { batchSize, horizon, calls, reason, ...(wording && { wording }) };
}

/** All that the optimizer of a turn may know. */
async function contextOf(
  deps: LearnerDeps,
  ground: Ground,
  turn: {
    readonly campaigns: readonly Campaign[];
    readonly chosen: ChosenSetup | null;
    readonly count: number;
    readonly ask: Ask;
  },
): Promise<OptimizerContext> {
  const { prompt } = ground;
  const { task } = ground.view;
  const { chosen, count } = turn;
  const tried = triedChanges(turn.campaigns, task.baseline.version, ground.standing);
  return {
    incumbent: ground.incumbent,
    prompt,
    traces: await withHorizon(deps.store, ground.traces, chosen?.horizon ?? 'step'),
    tried,
    archive: archiveOf(tried, ground.incumbent, ground.standing.meanReward),
    scoresByExample: exampleScores(ground.pool),
    credit: (await deps.store.readGateState(task.id))?.credit?.edits ?? [],
    growthCharactersMax: growthCharactersMax(prompt, task.config.gate),
    count,
    ...(chosen === null || chosen.batchSize === null ? {} : { batchSize: chosen.batchSize }),
    ...(task.config.learner.expo && { expo: task.config.learner.expo }),
    random: deps.random,
    ask: turn.ask,
  };
}

function unanswered(
  deps: LearnerDeps,
  ground: Ground,
  failure: NonNullable<AskResult['failure']>,
): TaskOutcome {
  switch (failure.kind) {
    case 'budget-spent':
      tellBudgetIsSpent(deps, ground.view);
      return { kind: 'skipped', reason: 'budget-spent' };
    case 'model-failed':
      remember(deps, ground, 'failed');
      deps.logger.warn('learner.call.failed', { taskId: ground.view.task.id, code: failure.code });
      return { kind: 'failed', code: failure.code };
    case 'calls-spent':
      remember(deps, ground, 'fruitless');
      return { kind: 'nothing-new', optimizer: ground.optimizer.name, dropped: {}, malformed: 0 };
  }
}
