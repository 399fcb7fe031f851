import { RatchetError } from '../../domain/ratchet-error.ts';
import type { DecisionQuery } from '../../store/decision-search.ts';
import type { FeedbackQuery, FeedbackRecord } from '../../store/feedback-search.ts';
import {
  decisionDetailSchema,
  decisionSchema,
  feedbackSchema,
  type DecisionView,
  type DecisionDetail,
} from './decision.schema.ts';
import { operation, type Operation } from './operation.schema.ts';
import { encodeCursor, timeCursor, type Page } from './page.ts';
import { decisionParams, pageSchema } from './parts.schema.ts';
import {
  decisionListQuery,
  feedbackListQuery,
  type DecisionListQuery,
  type FeedbackListQuery,
} from './queries.schema.ts';
import { decisionView } from './views.ts';

const tag = 'Decisions';

/** Feedback of one decision that is shown, the newest. */
const feedbackMax = 500;

/** Recorded requests, without their texts. */
export const searchDecisions: Operation<Page<DecisionView>> = operation({
  id: 'searchDecisions',
  method: 'get',
  path: '/api/decisions',
  tag,
  summary: 'Recorded requests, without their texts',
  description:
    'A part may hold fewer items than asked for, or none, while `next` is not null: how far one reading looks is bounded.',
  role: 'viewer',
  query: decisionListQuery,
  result: pageSchema(decisionSchema),
  handle: async ({ query }, { store }) => {
    const { items, next } = await store.readDecisions(searchOf(query));
    return {
      kind: 'value',
      value: {
        items: items.map(decisionView),
        next: next === null ? null : encodeCursor(next.atMs, next.id),
      },
    };
  },
});

/** One request: its text, its feedback, and what variants answered off the user’s path. */
export const readDecision: Operation<DecisionDetail> = operation({
  id: 'readDecision',
  method: 'get',
  path: '/api/decisions/{decision}',
  tag,
  summary: 'One request: its text, its feedback, and what variants answered off the user’s path',
  role: 'viewer',
  params: decisionParams,
  result: decisionDetailSchema,
  handle: async ({ params: { decision: decisionId } }, { store }) => {
    const { items } = await store.readDecisions({
      decisionId,
      withText: true,
      order: 'newest',
      limit: 1,
    });
    const [record] = items;
    if (record === undefined)
      throw new RatchetError('unknown_decision', `there is no record of a decision "${decisionId}"`);
    const { decision } = record;
    const { items: feedback } = await store.readFeedback({
      episodeId: decision.episodeId,
      limit: feedbackMax,
    });
    const shadowRuns = await store.readAnswers([decisionId]);
    return {
      kind: 'value',
      value: {
        ...decisionView(record),
        content: decision.content,
        feedback: feedback.filter(
          (one) => one.decisionId === decisionId || (one.decisionId === null && one.scope === decision.scope),
        ),
        shadowRuns,
      },
    };
  },
});

/** Feedback, newest first. */
const searchFeedback: Operation<Page<FeedbackRecord>> = operation({
  id: 'searchFeedback',
  method: 'get',
  path: '/api/feedback',
  tag,
  summary: 'Feedback, newest first',
  description: 'As with decisions, a part may hold fewer items than asked for while `next` is not null.',
  role: 'viewer',
  query: feedbackListQuery,
  result: pageSchema(feedbackSchema),
  handle: async ({ query }, { store }) => {
    const { items, next } = await store.readFeedback(feedbackSearchOf(query));
    return {
      kind: 'value',
      value: { items, next: next === null ? null : encodeCursor(next.atMs, next.id) },
    };
  },
});

/** Decisions and what was said of them. */
export const decisionOperations: readonly Operation[] = [searchDecisions, readDecision, searchFeedback];

function searchOf(query: DecisionListQuery): DecisionQuery {
  const { id, completion, episode, task, variant, segment, scope, attribution } = query;
  const { rewarded, since, until, order, limit, cursor } = query;
  const from = timeCursor(cursor);
  return {
    withText: false,
    order,
    limit,
    ...(id === undefined ? {} : { decisionId: id }),
    ...(completion === undefined ? {} : { completionId: completion }),
    ...(episode === undefined ? {} : { episodeId: episode }),
    ...(task === undefined ? {} : { taskId: task }),
    ...(variant === undefined ? {} : { variantId: variant }),
    ...(segment === undefined ? {} : { segment }),
    ...(scope === undefined ? {} : { scope }),
    ...(attribution === undefined ? {} : { attribution }),
    ...(rewarded === undefined ? {} : { hasReward: true as const }),
    ...(since === undefined ? {} : { afterMs: since }),
    ...(until === undefined ? {} : { untilMs: until }),
    ...(from === undefined ? {} : { from }),
  };
}

function feedbackSearchOf(query: FeedbackListQuery): FeedbackQuery {
  const { task, episode, decision, scope, since, until, limit, cursor } = query;
  const from = timeCursor(cursor);
  return {
    limit,
    ...(task === undefined ? {} : { taskId: task }),
    ...(episode === undefined ? {} : { episodeId: episode }),
    ...(decision === undefined ? {} : { decisionId: decision }),
    ...(scope === undefined ? {} : { scope }),
    ...(since === undefined ? {} : { afterMs: since }),
    ...(until === undefined ? {} : { untilMs: until }),
    ...(from === undefined ? {} : { from }),
  };
}
