import { isChat } from '../domain/agent-request.ts';
import type { Decision } from '../domain/decision.ts';
import type { Random } from '../domain/random.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { DecisionStore } from '../store/decision-store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { completeDecision, namesOf, type RouteOutcome } from './complete-decision.ts';
import { createConversationKeys } from './conversation-key.ts';
import { createDecisionNames } from './decision-names.ts';
import type { EpisodeQuery } from './episode-key.ts';
import { createEpisodeLookUp } from './episode-look-up.ts';
import { createEpisodeMemory } from './episode-memory.ts';
import { createFixedTurns } from './fixed-turns.ts';
import { namedDraw } from './named-draw.ts';
import { oncePerSecond } from './once-per-second.ts';
import { recordedShare } from './recorded-share.ts';
import { noRewrite, withoutOwnMetadata, type Rewrite } from './rewrite.ts';
import { passThrough, routeRequest, type RequestRouting } from './route-request.ts';
import type { RefusedRoute, Route, RoutedRoute } from './route-result.ts';
import type { TaskRouting } from './route-task.ts';
import { createTaskDirectory, type DirectoryDeps } from './task-directory.ts';
import { aliasedTask } from './task-name.ts';

/** What routing needs. Nothing of it is waited for, but the look-up of an unknown episode, at most 25 ms. */
export interface RouterDeps extends DirectoryDeps {
  readonly store: DirectoryDeps['store'] & Pick<DecisionStore, 'findEpisode'>;
  readonly random: Random;
  readonly telemetry: Pick<Telemetry, 'count'>;
  /** Hashes conversations and draws; any text. */
  readonly secret: string;
  /** Share of episodes that are recorded, [0, 1]; default 1. */
  readonly recordedShare?: number;
  /** Whether prompts without a name become tasks. */
  readonly areTasksAutomatic: boolean;
}

/** The way of a request, without HTTP: used by the server, and by simulations on a virtual clock. */
export interface Router {
  /** Never throws, never rejects: what goes wrong inside lets the request pass through. */
  readonly route: (query: EpisodeQuery) => Route | Promise<Route>;
  /** To be called as soon as upstream has said what its answer is called: a next turn may name it at once. */
  readonly begin: (route: RoutedRoute, completionId: string) => void;
  /** To be called when the response has ended, where reading it takes time: next turns may have to wait for it. */
  readonly waitFor: (reading: Promise<unknown>) => void;
  /** To be called when the response has ended and been read: makes the row, and remembers the conversation and the task. */
  readonly complete: (route: RoutedRoute, outcome: RouteOutcome) => Decision;
}

/** Creates a router with empty memories. */
export function createRouter(deps: RouterDeps): Router {
  const { clock, random, secret, telemetry, logger } = deps;
  const directory = createTaskDirectory(deps);
  const episodes = createEpisodeMemory();
  const fixedTurns = createFixedTurns();
  const conversationKey = createConversationKeys(secret);
  const lookUp = createEpisodeLookUp(episodes, deps.store);
  const routing: TaskRouting = {
    clock,
    random,
    episodes,
    lookUp,
    fixedTurns,
    conversationKey,
    nextDecisionId: createDecisionNames(random),
    drawFor: namedDraw(secret),
    isRecorded: recordedShare(deps.recordedShare ?? 1),
  };
  const { isLoopback, areTasksAutomatic } = deps;
  const rooms: RequestRouting = { directory, routing, telemetry, isLoopback, areTasksAutomatic };
  const report = oncePerSecond(clock);

  const fallBack = (query: EpisodeQuery, rewrite: Rewrite, error: unknown): Route => {
    telemetry.count('ratchet.fallbacks', 1);
    // The message may quote the prompt; the name of the error does not.
    const name = error instanceof Error ? error.name : typeof error;
    report(() => logger.error('route-failed', { error: name }));
    return passThrough(query, rewrite, 'failed');
  };

  return {
    route: (query) => {
      let rewrite = noRewrite;
      try {
        const cleaned = ownPartsRemoved(query, deps.configOf);
        if (cleaned.kind === 'refused') return cleaned;
        ({ rewrite } = cleaned);
        const route = routeRequest(rooms, query, rewrite);
        if (!(route instanceof Promise)) return route;
        return route.catch((error: unknown) => fallBack(query, rewrite, error));
      } catch (error) {
        return fallBack(query, rewrite, error);
      }
    },
    begin: ({ ref }, completionId) => episodes.link(ref, completionId, ref),
    waitFor: lookUp.waitFor,
    complete: (route, outcome) => {
      const { ref, conversation, clientRequest } = route;
      const { completionId, callIds = [], itemIds = [] } = outcome;
      const { beginning, stored } = namesOf(route, outcome, conversationKey);
      if (beginning !== null) {
        episodes.begin(ref, beginning, { episode: ref, callIds });
        fixedTurns.answered(ref, beginning);
      }
      if (!isChat(clientRequest)) {
        const { conversationId } = conversation.chain;
        const firstItems = route.opening === null ? [] : itemIds;
        episodes.remember(ref, ref);
        for (const id of [completionId, conversationId, ...firstItems])
          if (id !== null) episodes.link(ref, id, ref);
      }
      // A request that upstream refused, perhaps for its credential, founds no task.
      if (outcome.status >= 200 && outcome.status < 300) directory.keep(ref.taskId);
      return completeDecision(route, outcome, stored);
    },
  };
}

/** What must change in any case, since it is meant for Ratchet: our metadata, and an alias in place of the model. */
function ownPartsRemoved(
  { request }: EpisodeQuery,
  configOf: RouterDeps['configOf'],
): { readonly kind: 'cleaned'; readonly rewrite: Rewrite } | RefusedRoute {
  const metadata = withoutOwnMetadata(request['metadata']);
  const alias = aliasedTask(request.model);
  const model = alias === undefined ? null : configOf(alias).model;
  if (alias === undefined || model !== null)
    return { kind: 'cleaned', rewrite: { prompt: null, model, metadata } };
  return {
    kind: 'refused',
    error: new RatchetError(
      'invalid_request',
      `ratchet.yaml does not say which model ratchet/${alias} stands for: set tasks.${alias}.model`,
      { param: 'model' },
    ),
  };
}
