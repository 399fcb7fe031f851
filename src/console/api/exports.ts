import type { Campaign } from '../../domain/campaign.ts';
import type { ShadowRun } from '../../domain/shadow-run.ts';
import type { TaskConfig } from '../../domain/task.ts';
import type { DecisionRecord } from '../../store/decision-search.ts';
import type { EpisodeOutcome } from '../../store/outcome-store.ts';
import type { Store } from '../../store/store.ts';
import type { ApiDeps } from './api-deps.ts';
import { decisionParts, episodeParts } from './export-pages.ts';
import {
  decisionExportQuery,
  episodeExportQuery,
  episodeSchema,
  exampleExportQuery,
  preferenceExportQuery,
  trainingLineSchema,
} from './export.schema.ts';
import { exportedDecisionSchema, type ExportedDecision } from './decision.schema.ts';
import { findTask } from './find-task.ts';
import { operation, type ApiAnswer, type ApiRequest, type Operation } from './operation.schema.ts';
import {
  exampleLine,
  preferenceLine,
  trainingAnswer,
  trainingInput,
  type Preference,
} from './training-lines.ts';
import { decisionView } from './views.ts';

const tag = 'Export';
const mediaType = 'application/jsonl';

/** Drawn episodes with action, propensity and reward, oldest first. */
export const exportEpisodes: Operation<EpisodeOutcome> = operation({
  id: 'exportEpisodes',
  method: 'get',
  path: '/api/export/episodes',
  tag,
  summary: 'Drawn episodes with action, propensity and reward, oldest first',
  description:
    'The unit of randomisation, for off-policy work: one line, one draw. Those without a reward have had no feedback yet, or never will.',
  role: 'viewer',
  query: episodeExportQuery,
  result: episodeSchema,
  mediaType,
  handle: async ({ query, ...request }, deps) => {
    await findTask(deps.store, query.task);
    return lines(request, deps, episodeParts(deps.store, query));
  },
});

/** Recorded requests with their propensities, oldest first. */
export const exportDecisions: Operation<ExportedDecision> = operation({
  id: 'exportDecisions',
  method: 'get',
  path: '/api/export/decisions',
  tag,
  summary: 'Recorded requests with their propensities, oldest first',
  description:
    'Only those with attribution `drawn` are the bandit’s choice; all requests of an episode share its draw.',
  role: 'viewer',
  query: decisionExportQuery,
  result: exportedDecisionSchema,
  mediaType,
  handle: async ({ query, ...request }, deps) => {
    await findTask(deps.store, query.task);
    const withText = query.texts === 'true';
    const parts = decisionParts(deps.store, query, { withText });
    return lines(
      request,
      deps,
      mapParts(parts, (record) => ({
        ...decisionView(record),
        ...(withText ? { content: record.decision.content } : {}),
      })),
    );
  },
});

/** Pairs of answers of which graders preferred one, for preference optimisation. */
export const exportPreferences: Operation<Readonly<Record<string, unknown>>> = operation({
  id: 'exportPreferences',
  method: 'get',
  path: '/api/export/preferences',
  tag,
  summary: 'Pairs of answers of which graders preferred one, for preference optimisation',
  description:
    'From shadow evaluation: candidate and incumbent of a campaign answered the same request. The prompt is the agent’s own.',
  role: 'viewer',
  query: preferenceExportQuery,
  result: trainingLineSchema,
  mediaType,
  handle: async ({ query, ...request }, deps) => {
    const { task } = await findTask(deps.store, query.task);
    const campaigns = await deps.store.readCampaigns(task.id, 'all');
    const parts = decisionParts(deps.store, query, { withText: true, hasText: true });
    const preferences = preferenceParts(parts, { deps, config: task.config, campaigns });
    return lines(
      request,
      deps,
      mapParts(preferences, (preference) => preferenceLine(preference, query.format)),
    );
  },
});

/** Answers with a positive reward, in the format of chat fine-tuning. */
export const exportExamples: Operation<Readonly<Record<string, unknown>>> = operation({
  id: 'exportExamples',
  method: 'get',
  path: '/api/export/sft',
  tag,
  summary: 'Answers with a positive reward, in the format of chat fine-tuning',
  description: 'The prompt is the agent’s own, whichever variant gave the answer.',
  role: 'viewer',
  query: exampleExportQuery,
  result: trainingLineSchema,
  mediaType,
  handle: async ({ query, ...request }, deps) => {
    await findTask(deps.store, query.task);
    const parts = decisionParts(deps.store, query, { withText: true, hasText: true, hasReward: true });
    return lines(
      request,
      deps,
      flatParts(parts, ({ decision: { content, status }, reward }) => {
        const input = content && trainingInput(content);
        const answer = content && trainingAnswer(content.completion);
        const isGood = reward !== null && reward > query.above && status === 200;
        return isGood && input !== null && answer !== null ? [exampleLine(input, answer)] : [];
      }),
    );
  },
});

/** Everything that leaves as JSON Lines, streamed: a part is read when the client has taken the one before. */
export const exportOperations: readonly Operation[] = [
  exportEpisodes,
  exportDecisions,
  exportPreferences,
  exportExamples,
];

/** Ends when the client goes away or the server stops. */
function lines<Line>(
  { actor, signal }: Pick<ApiRequest<unknown, unknown, unknown>, 'actor' | 'signal'>,
  { logger, stopping }: Pick<ApiDeps, 'logger' | 'stopping'>,
  parts: AsyncIterable<readonly Line[]>,
): ApiAnswer<Line> {
  logger.info('control.export', { actor: actor.id });
  const chunks = async function* (): AsyncGenerator<string> {
    for await (const part of parts) {
      if (signal.aborted) return;
      // What was begun and cannot be ended must not look complete.
      stopping.throwIfAborted();
      if (part.length > 0) yield `${part.map((line) => JSON.stringify(line)).join('\n')}\n`;
    }
  };
  return { kind: 'stream', chunks: chunks() };
}

async function* mapParts<Item, Line>(
  parts: AsyncIterable<readonly Item[]>,
  lineOf: (item: Item) => Line,
): AsyncGenerator<readonly Line[]> {
  for await (const part of parts) yield part.map(lineOf);
}

async function* flatParts<Item, Line>(
  parts: AsyncIterable<readonly Item[]>,
  linesOf: (item: Item) => readonly Line[],
): AsyncGenerator<readonly Line[]> {
  for await (const part of parts) yield part.flatMap(linesOf);
}

interface PreferenceGround {
  readonly deps: Pick<ApiDeps, 'store' | 'gate'>;
  readonly config: TaskConfig;
  readonly campaigns: readonly Campaign[];
}

/** What each campaign's two variants answered, and which answer the graders preferred. */
async function* preferenceParts(
  parts: AsyncIterable<readonly DecisionRecord[]>,
  ground: PreferenceGround,
): AsyncGenerator<readonly Preference[]> {
  const { store } = ground.deps;
  for await (const part of parts) {
    const ids = part.map(({ decision }) => decision.decisionId);
    const answers = Map.groupBy(await store.readAnswers(ids), ({ decisionId }) => decisionId);
    const answered = part.filter(({ decision }) => (answers.get(decision.decisionId)?.length ?? 0) > 1);
    const truths = await expectedOf(store, answered);
    yield answered.flatMap((record) => {
      const { decisionId } = record.decision;
      return preferencesOf(record, answers.get(decisionId) ?? [], truths.get(decisionId) ?? null, ground);
    });
  }
}

async function expectedOf(
  store: Pick<Store, 'readTraces'>,
  records: readonly DecisionRecord[],
): Promise<ReadonlyMap<string, string | null>> {
  const [first] = records;
  if (first === undefined) return new Map();
  const traces = await store.readTraces({
    taskId: first.decision.taskId,
    decisionIds: records.map(({ decision }) => decision.decisionId),
    order: 'oldest',
    limit: records.length,
  });
  return new Map(traces.map(({ decision, expected }) => [decision.decisionId, expected]));
}

function preferencesOf(
  { decision: { decisionId, content } }: DecisionRecord,
  answers: readonly ShadowRun[],
  expected: string | null,
  { deps: { gate }, config, campaigns }: PreferenceGround,
): readonly Preference[] {
  const input = content && trainingInput(content);
  if (content === null || input === null) return [];
  const runOf = (id: string): ShadowRun | undefined => answers.find(({ variantId }) => variantId === id);
  const seen = new Set<string>();
  return campaigns.flatMap((campaign) => {
    const candidate = runOf(campaign.proposal.variant.id);
    const incumbent = runOf(campaign.incumbentId);
    const key = `${candidate?.variantId} ${incumbent?.variantId}`;
    if (candidate === undefined || incumbent === undefined || seen.has(key)) return [];
    seen.add(key);
    const pair = { candidate, incumbent, request: content.request, expected };
    const difference = gate.scoreDifference(config, pair) ?? 0;
    const [better, worse] = difference > 0 ? [candidate, incumbent] : [incumbent, candidate];
    const chosen = trainingAnswer(better.completion);
    const rejected = trainingAnswer(worse.completion);
    if (difference === 0 || chosen === null || rejected === null) return [];
    const metadata = {
      decisionId,
      campaignId: campaign.id,
      chosenVariantId: better.variantId,
      rejectedVariantId: worse.variantId,
      difference: Math.abs(difference),
    };
    return [{ input, chosen, rejected, metadata }];
  });
}
