import { listOf, textOrNull, type AnswerFacts } from '../domain/answer-facts.ts';
import { isRecord } from '../domain/is-record.ts';
import { outputCompletion, outputIds, responseFacts } from '../domain/response-facts.ts';
import { eventData, isEventStream, parseJson } from './answer-events.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Events that carry the whole response as it ended. */
const lastEvents: ReadonlySet<unknown> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

/** Reads a response: the object itself, or the one in a stream's last event; of a stream that broke off what there is. */
export function readResponsesAnswer(body: string, contentType: string | undefined): AnswerFacts {
  if (!isEventStream(contentType)) return responseFacts(parseJson(body));
  const data = eventData(body);
  for (const json of data.toReversed()) {
    const event = parseJson(json);
    if (isRecord(event) && lastEvents.has(event['type'])) return responseFacts(event['response']);
  }
  return brokenOff(data.map(parseJson).filter(isRecord));
}

/** Bytes of a stream's first piece that are looked through for the id. */
const announcementBytes = 2_000;

/** The id of the response that a stream announces with its first event; `null` where it is not seen at once. */
export function announcedResponseId(piece: Uint8Array): string | null {
  const start = Buffer.from(piece.buffer, piece.byteOffset, Math.min(piece.byteLength, announcementBytes));
  return /"response":\s*\{\s*"id":\s*"([^"\\]+)"/.exec(start.toString('latin1'))?.[1] ?? null;
}

/** What a stream without an end has said: whole items, and the text of the one under way. */
function brokenOff(events: readonly Fields[]): AnswerFacts {
  const items = new Map<unknown, Fields>();
  for (const { type, output_index: index, item, delta } of events) {
    if (type === 'response.output_item.done' && isRecord(item)) items.set(index, item);
    if (type === 'response.output_text.delta') items.set(index, withText(items.get(index), delta));
  }
  const output = [...items.values()];
  return {
    ...responseFacts(events.map(({ response }) => response).find(isRecord)),
    usage: null,
    completions: output.length === 0 ? [] : [outputCompletion(output, null)],
    ...outputIds(output),
  };
}

function withText(item: Fields | undefined, delta: unknown): Fields {
  const [part] = listOf(item?.['content']).filter(isRecord);
  const text = (textOrNull(part?.['text']) ?? '') + (textOrNull(delta) ?? '');
  return { type: 'message', content: [{ type: 'output_text', text }] };
}
