import { baselineVariantId } from '../domain/variant.ts';
import { answerIdsOf } from './chain.ts';
import type { Choice } from './choose-variant.ts';
import type { ClientConversation, EpisodeQuery } from './episode-key.ts';
import type { Link } from './episode-memory.ts';
import type { Rewrite } from './rewrite.ts';
import type { RoutedRoute } from './route-result.ts';
import { segmentOf, type TaskRouting } from './route-task.ts';
import type { TrackedTask } from './tracked-task.ts';

/** A later turn that brings no prompt along. */
export interface ChainQuery {
  readonly query: EpisodeQuery;
  readonly conversation: ClientConversation;
  readonly rewrite: Rewrite;
  /** The task that upstream's ids are known for. */
  readonly taskOf: (taskId: string) => TrackedTask | undefined;
}

/**
 * Routes a turn that goes on from what upstream keeps and has no prompt of its own: it belongs to the task and the
 * variant of its chain. Nothing is rewritten, since there is nothing to rewrite: the variant is what the earlier turns
 * were given. `undefined` where nobody knows the chain.
 */
export function routeChain(
  routing: TaskRouting,
  chain: ChainQuery,
): RoutedRoute | undefined | Promise<RoutedRoute | undefined> {
  const { query, conversation } = chain;
  const { conversationId } = conversation.chain;
  const ids = [...answerIdsOf(conversation.chain), ...(conversationId === null ? [] : [conversationId])];
  const serve = (link: Link | undefined): RoutedRoute | undefined => {
    const task = link && chain.taskOf(link.taskId);
    return link && task && chained(routing, chain, { link, task });
  };
  const known = routing.episodes.recallLink(query.scope, ids);
  return known === undefined ? routing.lookUp.findLink(query.scope, ids).then(serve) : serve(known);
}

function chained(
  { clock, nextDecisionId }: TaskRouting,
  { query, conversation, rewrite }: ChainQuery,
  { link, task }: { readonly link: Link; readonly task: TrackedTask },
): RoutedRoute {
  const { episode } = link;
  const snapshot = task.snapshot();
  const isRemoved = episode.attribution === 'drawn' && task.arms.isRemoved(episode.variantId);
  return {
    kind: 'routed',
    ref: {
      ...episode,
      attribution: isRemoved ? 'removed' : episode.attribution,
      decisionId: nextDecisionId(),
      taskId: task.id,
      atMs: clock.now(),
      scope: query.scope,
    },
    taskName: task.name,
    variantStatus: statusOf(episode.variantId, snapshot?.plan.arms ?? []),
    baselineVersion: task.prompts.baseline().version,
    slots: {},
    segment: segmentOf(query),
    rewrite,
    model: rewrite.model ?? query.request.model,
    clientRequest: query.request,
    conversation,
    opening: null,
  };
}

function statusOf(
  variantId: string,
  arms: readonly { readonly variantId: string; readonly status: Choice['status'] }[],
): Choice['status'] {
  if (variantId === baselineVariantId) return 'baseline';
  return arms.find((arm) => arm.variantId === variantId)?.status ?? 'former';
}
