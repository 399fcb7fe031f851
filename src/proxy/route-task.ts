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
import type { Episode, EpisodeOwner } from './episode.ts';
import { episodeKeyOf, type ClientConversation, type EpisodeKey, type EpisodeQuery } from './episode-key.ts';
import type { EpisodeLookUp } from './episode-look-up.ts';
import type { EpisodeMemory, KnownEpisode } from './episode-memory.ts';
import type { FixedTurns } from './fixed-turns.ts';
import type { IsRecorded } from './recorded-share.ts';
import { metadataText, type Rewrite } from './rewrite.ts';
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
  readonly lookUp: EpisodeLookUp;
  readonly fixedTurns: FixedTurns;
  readonly conversationKey: ConversationKeys;
  readonly nextDecisionId: () => string;
  readonly isRecorded: IsRecorded;
  /** The draw of a named episode. */
  readonly drawFor: (owner: EpisodeOwner, name: string) => Random;
}

/**
 * Chooses the variant of a request: pinned by the caller, else by an operator, else the episode's own, else a new draw. Only the look-up of an
 * episode that is not in memory takes time.
 */
export function routeTask(routing: TaskRouting, task: TaskQuery): Route | Promise<Route> {
  const { query, match, conversation } = task;
  const { episodes, fixedTurns, conversationKey } = routing;
  const owner: EpisodeOwner = { scope: query.scope, taskId: match.task.id };
  const candidate: Candidate = { ...match, snapshot: match.task.snapshot() };
  const turns = conversation.turns.slice(fixedTurns.lengthOf(owner, conversation.turns));
  const key = episodeKeyOf(query, { ...conversation, turns }, conversationKey);
  const known = key.kind === 'first-turn' ? undefined : episodes.recall(owner, key);
  const serve = (choice: Choice, found: KnownEpisode | undefined): Route =>
    routed(routing, task, { owner, key, choice, known: found });
  const goOn = (found: KnownEpisode): Route => {
    const { episodeId, episode } = found;
    // One that calls on this task for the first time has a draw of its own for it, the same on every replica.
    return serve(
      episode === null
        ? drawVariant(candidate, routing.drawFor(owner, episodeId))
        : inheritVariant(candidate, episode),
      found,
    );
  };

  const pinned = query.header('x-ratchet-variant');
  if (pinned !== undefined) {
    const choice = pinnedVariant(candidate, pinned);
    return choice === undefined ? unknownVariant() : serve(choice, known);
  }
  const pinnedId = candidate.snapshot?.plan.pinnedId;
  const ordered = pinnedId === undefined ? undefined : pinnedVariant(candidate, pinnedId);
  if (ordered !== undefined) return serve(ordered, known);
  if (!isServable(candidate)) return serve(ownPrompt(candidate, 'unattributed'), known);
  if (known !== undefined) return goOn(known);
  if (key.kind === 'first-turn') return serve(drawVariant(candidate, routing.random), undefined);
  const drawNamed = (name: string): Route =>
    serve(drawVariant(candidate, routing.drawFor(owner, name)), undefined);
  if (key.kind === 'named' && !key.isLaterTurn) return drawNamed(key.name);
  return routing.lookUp.find(owner, key).then((found) => {
    if (typeof found === 'object') return goOn(found);
    // Where nobody knows the name, the episode begins here, though it brings earlier turns along.
    if (found === 'unknown' && key.kind === 'named') return drawNamed(key.name);
    if (
      found === 'unknown' &&
      key.kind === 'later-turn' &&
      key.answerIds.length === 0 &&
      key.beginning !== null
    )
      fixedTurns.sight(owner, conversation.turns, key.beginning.key);
    return serve(incumbent(candidate, 'unattributed'), undefined);
  });
}

/** Longest segment that a caller may name, in characters; a longer one is cut. */
const segmentLengthMax = 100;

/** What the caller says that a request belongs to; `null`: nothing. */
export function segmentOf({ request }: Pick<EpisodeQuery, 'request'>): string | null {
  return metadataText(request['metadata'], 'ratchet_segment')?.slice(0, segmentLengthMax) ?? null;
}

interface Served {
  readonly owner: EpisodeOwner;
  readonly key: EpisodeKey;
  readonly choice: Choice;
  /** The episode, where it was known before. */
  readonly known: KnownEpisode | undefined;
}

function routed(
  { clock, episodes, nextDecisionId, isRecorded }: TaskRouting,
  { query, match, conversation, rewrite }: TaskQuery,
  { owner, key, choice, known }: Served,
): RoutedRoute {
  const { variantId, propensity, planVersion, attribution } = choice;
  const decisionId = nextDecisionId();
  const episodeId = known?.episodeId ?? newEpisodeId(key) ?? decisionId;
  const episode: Episode = { episodeId, variantId, propensity, planVersion, attribution };
  if (key.kind !== 'first-turn' && (known?.episode ?? null) === null && isKept(choice)) {
    episodes.remember(owner, episode);
    if (known === undefined && key.kind === 'later-turn' && key.beginning !== null)
      episodes.begin(owner, key.beginning.key, { episode, callIds: key.beginning.callIds });
  }
  const change: Rewrite = { ...rewrite, prompt: choice.prompt };
  return {
    kind: 'routed',
    ref: {
      ...episode,
      ...owner,
      decisionId,
      atMs: clock.now(),
      ...(isRecorded(episodeId) ? {} : { isUnrecorded: true }),
    },
    taskName: match.task.name,
    variantStatus: choice.status,
    baselineVersion: match.task.prompts.baseline().version,
    slots: match.slots ?? {},
    segment: segmentOf(query),
    rewrite: change,
    model: change.model ?? query.request.model,
    clientRequest: query.request,
    conversation,
    opening: key.kind === 'first-turn' ? key.opening : null,
  };
}

/** The name of an episode that is not known yet; `null`: that of its first decision. */
function newEpisodeId(key: EpisodeKey): string | null {
  switch (key.kind) {
    case 'named':
      return key.name;
    case 'later-turn':
      return key.beginning?.key ?? null;
    case 'first-turn':
      return null;
  }
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
