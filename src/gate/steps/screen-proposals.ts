import { contractGraders } from '../../domain/contract.ts';
import { tokensFree } from '../../domain/growth-limit.ts';
import { moveCampaign, type Campaign, type Screening, type ScreeningCheck } from '../../domain/campaign.ts';
import { declaredSchemas } from '../../domain/declared-schemas.ts';
import { countCampaign, startStep } from '../campaign-telemetry.ts';
import { promptDistanceCheck } from '../prompt-distance.ts';
import {
  screenCandidate,
  screeningOf,
  screeningReason,
  stepTexts,
  type ScreeningSubject,
} from '../screen.ts';
import type { Session } from '../session.ts';
import { findVariant, type TaskView } from '../task-view.ts';
import { atMost } from '../trust-region.ts';
import type { Step } from './step.ts';

/** Newest recorded requests that tell which form of answers the agent asks for. */
const requestsRead = 5;

/** Holds new proposals against every limit that needs no answers. */
export const screenProposals: Step = async (view, session) => {
  const proposed = view.campaigns.filter(({ state }) => state === 'proposed');
  if (proposed.length === 0) return null;
  const campaigns: Campaign[] = [];
  const schemas = await schemasOf(view, session);
  for (const campaign of proposed) campaigns.push(await screenOne(campaign, schemas, view, session));
  return { taskId: view.task.id, campaigns };
};

async function screenOne(
  campaign: Campaign,
  schemas: readonly unknown[],
  view: TaskView,
  session: Session,
): Promise<Campaign> {
  const { deps } = session;
  const { task, plan, gateState } = view;
  const span = startStep(deps, view, campaign, 'gate.screen');
  const { variant, parentId } = campaign.proposal;
  const parent = await findVariant(view, deps.store, parentId);
  const isServing = plan.arms.some(({ variantId }) => variantId === variant.id);
  const subject: ScreeningSubject = {
    baseline: task.baseline.skeleton,
    parentEdits: parent?.edits ?? [],
    candidateEdits: variant.edits,
    radius: gateState.radius,
    config: task.config,
    schemas,
  };
  const found = screenCandidate(subject);
  const screening = screeningOf([
    atMost('arms-of-this-variant', isServing ? 1 : 0, 0),
    ...found.checks,
    ...(await distanceChecks(found, subject, view, session)),
  ]);
  const to = screening.isPassed ? 'screened' : 'rejected';
  const reason = screeningReason(screening);
  if (to === 'rejected') countCampaign(deps, view, 'screened-out');
  span.end({ outcome: to, reason });
  return moveCampaign(campaign, to, { atMs: deps.clock.now(), reason, screening });
}

/** The meaning of a prompt is looked at last, where the step is larger than what is always granted. */
async function distanceChecks(
  { checks, isPassed }: Screening,
  subject: ScreeningSubject,
  view: TaskView,
  session: Session,
): Promise<readonly ScreeningCheck[]> {
  const edits = checks.find(({ limit }) => limit === 'edit-tokens');
  const texts = stepTexts(subject);
  if (!isPassed || edits === undefined || edits.value <= tokensFree || texts === undefined) return [];
  return [await promptDistanceCheck(texts, view, session)];
}

/** The forms that graders and the newest requests declare. */
async function schemasOf({ task, plan }: TaskView, { deps }: Session): Promise<readonly unknown[]> {
  const traces = await deps.store.readTraces({
    taskId: task.id,
    baselineVersion: plan.baselineVersion,
    order: 'newest',
    limit: requestsRead,
  });
  const { graders, contract } = task.config;
  const declared = traces.flatMap(({ decision: { content } }) =>
    content === null ? [] : declaredSchemas(content.request, [...graders, ...contractGraders(contract)]),
  );
  const own = [...graders, ...contractGraders(contract)].flatMap((grader) =>
    grader.kind === 'json-schema' ? [grader.schema] : [],
  );
  return [...own, ...declared];
}
