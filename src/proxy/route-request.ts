import { conversationOf } from '../domain/agent-request.ts';
import { promptSlotOf } from '../domain/prompt-slot.ts';
import { skeletonText } from '../domain/skeleton.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { answerIdsOf, chainOf, isGoingOn } from './chain.ts';
import { firstAnswerIndex } from './conversation-key.ts';
import type { ClientConversation, EpisodeQuery } from './episode-key.ts';
import { metadataText, type Rewrite } from './rewrite.ts';
import type { PassThroughRoute, Route, RoutedRoute } from './route-result.ts';
import { routeChain } from './route-chain.ts';
import { routeTask, type TaskRouting } from './route-task.ts';
import { localScope, namedTaskId, type TaskDirectory } from './task-directory.ts';
import { aliasedTask, taskNameOf } from './task-name.ts';
import type { TrackedTask } from './tracked-task.ts';

/** What finding the task of a request works with. */
export interface RequestRouting {
  readonly directory: TaskDirectory;
  readonly routing: TaskRouting;
  readonly telemetry: Pick<Telemetry, 'count'>;
  readonly isLoopback: boolean;
  readonly areTasksAutomatic: boolean;
}

/** A request on its way to a task, its prompt read. */
interface PromptQuery {
  readonly query: EpisodeQuery;
  readonly rewrite: Rewrite;
  readonly conversation: ClientConversation;
  /** The task that the caller names; `undefined`: none. */
  readonly name: string | undefined;
}

/**
 * Finds the task of a request, and has its variant chosen: the task that the caller names, else that of its prompt; of a
 * turn without a prompt the one of its chain.
 */
export function routeRequest(
  rooms: RequestRouting,
  query: EpisodeQuery,
  rewrite: Rewrite,
): Route | Promise<Route> {
  if (query.header('x-ratchet-bypass') === '1') return passThrough(query, rewrite, 'bypassed');
  const slot = promptSlotOf(query.request);
  if (slot === undefined) return passThrough(query, rewrite, 'prompt-not-text');
  const turns = conversationOf(query.request).slice(slot.length);
  const conversation: ClientConversation = { prompt: slot.text, turns, chain: chainOf(query.request) };
  const asked: PromptQuery = { query, rewrite, conversation, name: namedTask(query) };
  return slot.text === '' && isGoingOn(conversation.chain)
    ? routeWithoutPrompt(rooms, asked)
    : routePrompt(rooms, asked);
}

/** A request that goes upstream without a choice of ours. */
export function passThrough(
  { request }: Pick<EpisodeQuery, 'request'>,
  rewrite: Rewrite,
  reason: PassThroughRoute['reason'],
): PassThroughRoute {
  const model = rewrite.model ?? request.model;
  return { kind: 'pass-through', reason, rewrite, model, clientRequest: request };
}

function routePrompt(
  { directory, routing, telemetry, areTasksAutomatic }: RequestRouting,
  { query, rewrite, conversation, name }: PromptQuery,
): Route | Promise<Route> {
  const { prompt, turns, chain } = conversation;
  if (name === undefined && prompt === '') return passThrough(query, rewrite, 'no-prompt');
  if (name === undefined && !areTasksAutomatic) return passThrough(query, rewrite, 'automatic-off');
  const isFirstTurn = firstAnswerIndex(turns) === undefined && !isGoingOn(chain);
  const match =
    name === undefined
      ? directory.automatic(query.scope, prompt, isFirstTurn)
      : directory.named(name, query.scope, prompt);
  if (match !== undefined) return routeTask(routing, { query, match, conversation, rewrite });
  telemetry.count('ratchet.tasks.rejected', 1);
  return passThrough(query, rewrite, 'scope-full');
}

/** A turn that goes on from what upstream keeps, and brings no prompt along. */
function routeWithoutPrompt(rooms: RequestRouting, asked: PromptQuery): Route | Promise<Route> {
  const { directory, routing, isLoopback } = rooms;
  const { query, rewrite, conversation, name } = asked;
  const owner = isLoopback ? localScope : query.scope;
  const named = name === undefined ? undefined : directory.known(namedTaskId(name, owner));
  if (isPromptless(named)) return routePrompt(rooms, asked);
  const orElse = (found: RoutedRoute | undefined): Route | Promise<Route> => {
    if (found !== undefined) return found;
    // A conversation may have been opened before its first turn; a response has been asked for before.
    const mayBegin = named === undefined && answerIdsOf(conversation.chain).length === 0;
    return mayBegin ? routePrompt(rooms, asked) : passThrough(query, rewrite, 'no-prompt');
  };
  const route = routeChain(routing, { query, conversation, rewrite, taskOf: directory.known });
  return route instanceof Promise ? route.then(orElse) : orElse(route);
}

/** Whether a task's agent never sends a prompt, so that the lack of one says nothing. */
function isPromptless(task: TrackedTask | undefined): boolean {
  return task !== undefined && skeletonText(task.prompts.baseline().skeleton) === '';
}

function namedTask({ request, header }: EpisodeQuery): string | undefined {
  return (
    taskNameOf(header('x-ratchet-task')) ??
    taskNameOf(metadataText(request['metadata'], 'ratchet_task')) ??
    aliasedTask(request.model)
  );
}
