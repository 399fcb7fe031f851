import type { Clock } from '../domain/clock.ts';
import type { Random } from '../domain/random.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import {
  drawVariant,
  incumbent,
  inheritVariant,
  isServable,
  ownPrompt,
  pinnedVariant,
  type Candidate,
  type Choice,
} from './choose-variant.ts';
import type { ConversationKeys } from './conversation-key.ts';
import {
  episodeKeyOf,
  type ClientConversation,
  type Episode,
  type EpisodeKey,
  type EpisodeMemory,
  type EpisodeOwner,
  type EpisodeQuery,
} from './episodes.ts';
import { applyRewrite, metadataText, type Rewrite } from './rewrite.ts';
import type { RefusedRoute, Route, RoutedRoute } from './route-result.ts';
import type { TaskMatch } from './task-directory.ts';

/** A request whose task has been found. */
export interface TaskQuery {
  readonly query: EpisodeQuery;
  readonly match: TaskMatch;
  readonly conversation: ClientConversation;
  readonly rewrite: Rewrite;
}

/** What choosing a variant remembers and draws from. */
export interface TaskRouting {
  readonly clock: Clock;
  readonly random: Random;
  readonly episodes: EpisodeMemory;
  readonly conversationKey: ConversationKeys;
  readonly nextDecisionId: () => string;
  /** The draw of a named episode. */
  readonly drawFor: (owner: EpisodeOwner, name: string) => Random;
}

/**
 * Chooses the variant of a request: pinned by the caller, else the episode's own, else a new draw. Only the look-up of an
 * episode that is not in memory takes time.
 */
export function routeTask(routing: TaskRouting, task: TaskQuery): Route | Promise<Route> {
  const { query, match, conversation } = task;
  const owner: EpisodeOwner = { scope: query.scope, taskId: match.task.id };
  const candidate: Candidate = { ...match, snapshot: match.task.snapshot() };
  const key = episodeKeyOf(query, conversation, routing.conversationKey);
  const episode = key.kind === 'first-turn' ? undefined : routing.episodes.recall(owner, key.key);
  const serve = (choice: Choice, inherited: Episode | undefined): Route =>
    routed(routing, task, { owner, key, choice, inherited });

  const pinned = query.header('x-ratchet-variant');
  if (pinned !== undefined) {
    const choice = pinnedVariant(candidate, pinned);
    return choice === undefined ? unknownVariant() : serve(choice, episode);
  }
  if (!isServable(candidate)) return serve(ownPrompt(candidate, 'unattributed'), episode);
  if (episode !== undefined) return serve(inheritVariant(candidate, episode), episode);
  switch (key.kind) {
    case 'first-turn':
      return serve(drawVariant(candidate, routing.random), undefined);
    case 'named': {
      const draw = (): Route => serve(drawVariant(candidate, routing.drawFor(owner, key.key)), undefined);
      if (!key.isLaterTurn) return draw();
      return routing.episodes.lookUp(owner, key.key).then((found) => {
        if (found === 'late') return serve(incumbent(candidate, 'unattributed'), undefined);
        // Where nobody knows the name, the episode begins here, though it brings earlier turns along.
        return found === 'unknown' ? draw() : serve(inheritVariant(candidate, found), found);
      });
    }
    case 'later-turn':
      return routing.episodes
        .lookUp(owner, key.key)
        .then((found) =>
          typeof found === 'object'
            ? serve(inheritVariant(candidate, found), found)
            : serve(incumbent(candidate, 'unattributed'), undefined),
        );
  }
}

/** Longest segment that a caller may name, in characters; a longer one is cut. */
const segmentLengthMax = 100;

interface Served {
  readonly owner: EpisodeOwner;
  readonly key: EpisodeKey;
  readonly choice: Choice;
  /** The episode, where it was known before. */
  readonly inherited: Episode | undefined;
}

function routed(
  { clock, episodes, conversationKey, nextDecisionId }: TaskRouting,
  { query, match, conversation, rewrite }: TaskQuery,
  { owner, key, choice, inherited }: Served,
): RoutedRoute {
  const { variantId, propensity, planVersion, attribution } = choice;
  const decisionId = nextDecisionId();
  const episodeId = inherited?.episodeId ?? (key.kind === 'first-turn' ? decisionId : key.key);
  const episode: Episode = { episodeId, variantId, propensity, planVersion, attribution };
  if (key.kind !== 'first-turn' && inherited === undefined && isKept(choice))
    episodes.remember(owner, key.key, episode);
  const change: Rewrite = { ...rewrite, prompt: choice.prompt };
  const { request } = query;
  return {
    kind: 'routed',
    ref: { ...episode, ...owner, decisionId, atMs: clock.now() },
    taskName: match.task.name,
    variantStatus: choice.status,
    baselineVersion: match.task.prompts.baseline().version,
    slots: match.slots ?? {},
    segment: metadataText(request['metadata'], 'ratchet_segment')?.slice(0, segmentLengthMax) ?? null,
    rewrite: change,
    request: applyRewrite(request, change),
    turns: conversation.turns,
    conversationKeyOf: key.kind === 'first-turn' ? (answer) => conversationKey(key.opening, answer) : null,
  };
}

/** Whether the variant is the episode's from now on; what served for want of a better one is not. */
function isKept({ attribution }: Choice): boolean {
  return attribution === 'drawn' || attribution === 'pinned';
}

function unknownVariant(): RefusedRoute {
  return {
    kind: 'refused',
    error: new RatchetError('unknown_variant', 'x-ratchet-variant names no arm of the current plan', {
      param: 'x-ratchet-variant',
    }),
  };
}
