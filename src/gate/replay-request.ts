import { applyEdits } from '../domain/apply-edits.ts';
import { leadingPromptLength, textOf, type ChatMessage, type ChatRequest } from '../domain/chat.ts';
import type { Edit } from '../domain/edit.ts';
import { matchSkeleton } from '../domain/match-skeleton.ts';
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
  const messages = content?.request.messages;
  if (content === null || !Array.isArray(messages)) return undefined;
  const length = leadingPromptLength(messages);
  const first = messages[0];
  const slots = slotsOf(task.baseline.skeleton, promptText(messages.slice(0, length)), content.slots);
  const edited = applyEdits(task.baseline.skeleton, edits);
  if (length === 0 || first === undefined || slots === undefined || edited === undefined) return undefined;
  const kept = Object.entries(content.request).filter(([field]) => !deliveryFields.has(field));
  return {
    ...Object.fromEntries(kept),
    model: content.request.model.startsWith('ratchet/')
      ? (task.config.model ?? model)
      : content.request.model,
    messages: [{ ...first, content: fillSkeleton(edited, slots) }, ...messages.slice(length)],
  };
}

/** What the agent sends in its leading messages, as one text. */
function promptText(messages: readonly ChatMessage[]): string {
  return messages.map(({ content }) => textOf(content)).join('\n\n');
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
