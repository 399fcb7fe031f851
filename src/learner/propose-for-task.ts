import { dayOf } from '../domain/spend.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import { archiveOf } from './archive.ts';
import { openAskSession, type AskResult } from './ask.ts';
import { afterAsk, type AskOutcome } from './backoff.ts';
import { chooseCandidates } from './choose-candidates.ts';
import { countDrops } from './drop-reason.ts';
import { triedChanges } from './edit-history.ts';
import { exampleScores } from './example-scores.ts';
import { findGround, type Ground } from './find-ground.ts';
import { groundNow, type GroundNow } from './ground-now.ts';
import { growthCharactersMax } from './growth-characters.ts';
import { guardOutput } from './guard-output.ts';
import type { LearnerDeps, TaskOutcome } from './learner-deps.ts';
import { emptyTaskMemory } from './learner-memory.ts';
import { openCampaigns } from './open-campaigns.ts';
import type { OptimizerContext } from './optimizer.ts';
import { prune } from './optimizers/prune.ts';
import { restoreEdit } from './optimizers/restore-edit.ts';
import { proposalsMax } from './proposals.schema.ts';

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
  const ground = await findGround(deps, view);
  if (ground.kind === 'skipped') {
    if (ground.reason === 'budget-spent') tellBudgetIsSpent(deps, view);
    return ground;
  }
  const { optimizer, prompt } = ground;
  const count = Math.min(ground.room, proposalsMax);
  const { task } = view;
  const session = openAskSession(
    { ...deps, model },
    { task, optimizerModelName: deps.optimizerModelName, prompt, count, incumbent: ground.incumbent },
  );
  const campaigns = await deps.store.readCampaigns(task.id, 'all');
  const tried = triedChanges(campaigns, task.baseline.version, ground.standing);
  const context: OptimizerContext = {
    incumbent: ground.incumbent,
    prompt,
    traces: ground.traces,
    tried,
    archive: archiveOf(tried, ground.incumbent, ground.standing.meanReward),
    scoresByExample: exampleScores(ground.pool),
    credit: (await deps.store.readGateState(task.id))?.credit?.edits ?? [],
    growthCharactersMax: growthCharactersMax(prompt, task.config.gate),
    count,
    random: deps.random,
    ask: session.ask,
  };
  const restored = await restoreLost(deps, context, ground);
  if (restored.length > 0)
    return { kind: 'proposed', optimizer: restoreEdit.name, campaignIds: restored, dropped: {} };

  const guarded = guardOutput(await optimizer.propose(context), {
    ...context,
    examples: task.config.learner.examples,
  });
  const { candidates } = guarded;
  const asked = session.result();
  if (candidates.length === 0 && asked.failure !== null) return unanswered(deps, ground, asked.failure);

  const now = await groundNow(deps, ground);
  if (now === undefined) return { kind: 'overtaken' };
  const { variants, dropped } = chooseCandidates(candidates, now);
  const campaignIds = await openCampaigns(deps, now.view, variants, {
    optimizer: optimizer.name,
    shown: [...new Set([...asked.shown, ...guarded.shown])],
    purpose: guarded.purpose,
    costUsd: asked.costUsd,
  });
  const counts = countDrops([...guarded.dropped, ...dropped], asked.dropped);
  if (campaignIds.length > 0) {
    remember(deps, ground, 'fruitful');
    return { kind: 'proposed', optimizer: optimizer.name, campaignIds, dropped: counts };
  }
  remember(deps, ground, 'fruitless');
  const instead = await tryWithoutAnEdit(deps, context, now);
  return instead.length > 0
    ? { kind: 'proposed', optimizer: prune.name, campaignIds: instead, dropped: counts }
    : { kind: 'nothing-new', optimizer: optimizer.name, dropped: counts, malformed: asked.malformed };
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

/** Campaigns for edits that a rollback took away, where there are any that may return. */
async function restoreLost(
  deps: LearnerDeps,
  context: OptimizerContext,
  ground: Ground,
): Promise<readonly string[]> {
  const { candidates } = await restoreEdit.propose(context);
  const now = candidates.length === 0 ? undefined : await groundNow(deps, ground);
  if (now === undefined) return [];
  const { variants } = chooseCandidates(candidates, now);
  return await openCampaigns(deps, now.view, variants, {
    optimizer: restoreEdit.name,
    shown: [],
    costUsd: 0,
  });
}

/** One campaign without an edit of the incumbent; never two at a time, since it is seldom worth the traffic. */
async function tryWithoutAnEdit(
  deps: LearnerDeps,
  context: OptimizerContext,
  now: GroundNow,
): Promise<readonly string[]> {
  const open = await deps.store.readCampaigns(now.task.id, 'open');
  if (open.some(({ proposal }) => proposal.optimizer === prune.name)) return [];
  const { candidates, purpose } = await prune.propose(context);
  const { variants } = chooseCandidates(candidates, { ...now, room: Math.min(1, now.room) });
  return await openCampaigns(deps, now.view, variants, {
    optimizer: prune.name,
    shown: [],
    costUsd: 0,
    purpose,
  });
}

function remember(deps: LearnerDeps, { view, moment }: Ground, outcome: AskOutcome): void {
  const memory = deps.memory.tasks.get(view.task.id) ?? emptyTaskMemory;
  // A failure is timed from when it was found, not from before a call that may have taken minutes.
  const now = { ...moment, nowMs: deps.clock.now() };
  deps.memory.tasks.set(view.task.id, afterAsk(memory, outcome, now));
}

/** Once per task and day: the gate spends the same money, so this is ordinary, and a person may want to change it. */
function tellBudgetIsSpent(deps: LearnerDeps, { task }: TaskSnapshot): void {
  const memory = deps.memory.tasks.get(task.id) ?? emptyTaskMemory;
  const day = dayOf(deps.clock.now());
  if (memory.exhaustedOnDay === day) return;
  deps.memory.tasks.set(task.id, { ...memory, exhaustedOnDay: day });
  deps.logger.info('learner.budget-spent', { taskId: task.id, usdPerDay: task.config.budget.usdPerDay });
}
