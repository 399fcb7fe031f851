import { applyEdits } from '../domain/apply-edits.ts';
import type { ChatRequest } from '../domain/chat.ts';
import type { Edit } from '../domain/edit.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
import { promptSlotOf, withPrompt } from '../domain/prompt-slot.ts';
import { fillSkeleton, type Skeleton, type SlotValues } from '../domain/skeleton.ts';
import type { Task } from '../domain/task.ts';
import type { Trace } from '../domain/trace.ts';

/** Fields that concern the delivery or the keeping of an answer, not the answer. */
const deliveryFields: ReadonlySet<string> = new Set(['stream', 'stream_options', 'store', 'metadata', 'n']);

/**
 * The recorded request as a model would have got it with these edits: the same conversation, parameters and tools,
 * one answer, not streamed. `undefined` where nothing was recorded, or where the edits have no place in the prompt.
 */
export function replayRequest(trace: Trace, task: Task, edits: readonly Edit[]): ChatRequest | undefined {
  const { content, model } = trace.decision;
  if (content === null || !Array.isArray(content.request.messages)) return undefined;
  const { request } = content;
  const slot = promptSlotOf(request.messages);
  if (slot === undefined || slot.length === 0) return undefined;
  const slots = slotsOf(task.baseline.skeleton, slot.text, content.slots);
  const edited = applyEdits(task.baseline.skeleton, edits);
  if (slots === undefined || edited === undefined) return undefined;
  const prompt = fillSkeleton(edited, slots);
  const kept = Object.entries(request).filter(([field]) => !deliveryFields.has(field));
  return {
    ...Object.fromEntries(kept),
    model: request.model.startsWith('ratchet/') ? (task.config.model ?? model) : request.model,
    // The agent's own prompt goes out as the agent wrote it, be it in several messages.
    messages: prompt === slot.text ? request.messages : withPrompt(request.messages, prompt),
  };
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
