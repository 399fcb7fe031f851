import { isChat, type AgentRequest } from '../domain/agent-request.ts';
import type { Edit } from '../domain/edit.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import { promptSlotOf, withPrompt } from '../domain/prompt-slot.ts';
import { renderVariant, variantSkeleton } from '../domain/render-variant.ts';
import { fillSkeleton, type Skeleton, type SlotValues } from '../domain/skeleton.ts';
import type { Task } from '../domain/task.ts';
import type { Trace } from '../domain/trace.ts';
import { isReplayable } from './is-replayable.ts';

/** Fields that concern the delivery or the keeping of an answer, not the answer. */
const deliveryFields: ReadonlySet<string> = new Set([
  'stream',
  'stream_options',
  'store',
  'metadata',
  'n',
  'background',
  'include',
]);

/**
 * The recorded request as a model would have got it with these edits, in its own format: the same conversation,
 * parameters and tools, one answer, not streamed and not kept. `undefined` where nothing was recorded, where the edits
 * have no place in the prompt or touch what none may, and where the request depends on more than itself or has upstream act.
 */
export function replayRequest(trace: Trace, task: Task, edits: readonly Edit[]): AgentRequest | undefined {
  const { content, model } = trace.decision;
  if (content === null || !isReplayable(content.request)) return undefined;
  const { request } = content;
  const slot = promptSlotOf(request);
  if (slot === undefined) return undefined;
  const slots = slotsOf(task.baseline.skeleton, slot.text, content.slots);
  const { protect } = task.config;
  const baseline = task.baseline.skeleton;
  const variant = variantSkeleton(baseline, edits, protect);
  if (slots === undefined || variant === undefined) return undefined;
  const prompt = renderVariant({ baseline, variant, slots, protect });
  if (prompt === undefined) return undefined;
  const prompted = prompt === slot.text ? request : withPrompt(request, prompt);
  const kept = Object.entries(prompted).filter(([field]) => !deliveryFields.has(field));
  const replayed: AgentRequest = {
    ...Object.fromEntries(kept),
    model: request.model.startsWith('ratchet/') ? (task.config.model ?? model) : request.model,
  };
  // Responses are kept unless upstream is told not to.
  return isChat(replayed) ? replayed : { ...replayed, store: false };
}

/**
 * The recorded values if they still give the prompt that was sent; the skeleton may have been generalised since, and
 * then the prompt is read anew.
 */
function slotsOf(skeleton: Skeleton, prompt: string, recorded: SlotValues): SlotValues | undefined {
  const names = skeleton.segments.flatMap((segment) => (segment.kind === 'slot' ? [segment.name] : []));
  const isComplete = names.every((name) => recorded[name] !== undefined);
  return isComplete && fillSkeleton(skeleton, recorded) === prompt
    ? recorded
    : matchSkeleton(skeleton, prompt);
}
