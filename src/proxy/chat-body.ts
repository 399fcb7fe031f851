import { isUtf8 } from 'node:buffer';
import { leadingPromptLength, type ChatMessage, type ChatRequest } from '../domain/chat.ts';
import { promptMessage } from '../domain/prompt-slot.ts';
import { isRecord } from './is-record.ts';
import { elementEnd, findMembers, skipSpace, type JsonMember } from './json-members.ts';
import { isUnchanged, type Rewrite } from './rewrite.ts';

/** A chat request as it came over the wire, with what routing looks at. */
export interface ChatBody {
  readonly bytes: Buffer;
  /** The bytes as a byte string, and the members of the outermost object in it. */
  readonly text: string;
  readonly members: readonly JsonMember[];
  /** Only `model`, `messages`, `metadata` and `stream`; the other fields are not parsed. */
  readonly request: ChatRequest;
  readonly isStream: boolean;
}

const readFields: ReadonlySet<string> = new Set(['model', 'messages', 'metadata', 'stream']);

/**
 * Reads what routing needs from a body. `undefined` where the body is not a chat request that could be rewritten with
 * certainty: not UTF-8, no JSON object, a field of ours twice, no model or malformed messages. Such a body is
 * upstream's to judge.
 */
export function readChatBody(bytes: Buffer): ChatBody | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('latin1');
  const members = findMembers(text);
  if (members === undefined) return undefined;
  const fields: Record<string, unknown> = {};
  try {
    for (const { key, valueStart, valueEnd } of members) {
      if (!readFields.has(key)) continue;
      if (Object.hasOwn(fields, key)) return undefined;
      fields[key] = JSON.parse(bytes.toString('utf8', valueStart, valueEnd));
    }
  } catch {
    return undefined;
  }
  const { model, messages, ...others } = fields;
  if (typeof model !== 'string' || !isMessages(messages)) return undefined;
  const request = { ...others, model, messages };
  return { bytes, text, members, request, isStream: fields['stream'] === true };
}

/** Everything that the client sent, for the record. Throws a SyntaxError where a field that was not read is malformed. */
export function wholeRequest({ bytes, request }: ChatBody): ChatRequest {
  return { ...JSON.parse(bytes.toString()), ...request };
}

/**
 * The body with its changes spliced into the client's own bytes, so that everything else keeps its spelling: order of
 * fields, white space, large numbers. Without changes the very bytes that came.
 */
export function rewriteBody(body: ChatBody, rewrite: Rewrite): Buffer {
  if (isUnchanged(rewrite)) return body.bytes;
  const splices = [promptSplice(body, rewrite), modelSplice(body, rewrite), metadataSplice(body, rewrite)]
    .filter((splice) => splice !== undefined)
    .toSorted((one, other) => one.start - other.start);
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, json } of splices) {
    pieces.push(body.bytes.subarray(at, start), Buffer.from(json));
    at = end;
  }
  pieces.push(body.bytes.subarray(at));
  return Buffer.concat(pieces);
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly json: string;
}

function promptSplice(body: ChatBody, { prompt }: Rewrite): Splice | undefined {
  const member = memberOf(body, 'messages');
  if (prompt === null || member === undefined) return undefined;
  const { messages } = body.request;
  const length = leadingPromptLength(messages);
  const json = JSON.stringify(promptMessage(length === 0 ? undefined : messages[0], prompt));
  const start = skipSpace(body.text, member.valueStart + 1);
  if (length === 0) return { start, end: start, json: messages.length === 0 ? json : `${json},` };
  const end = elementEnd(body.text, member.valueStart, length);
  if (end === undefined) throw new RangeError('the leading messages were not found again');
  return { start, end, json };
}

function modelSplice(body: ChatBody, { model }: Rewrite): Splice | undefined {
  const member = memberOf(body, 'model');
  if (model === null || member === undefined) return undefined;
  return { start: member.valueStart, end: member.valueEnd, json: JSON.stringify(model) };
}

function metadataSplice(body: ChatBody, { metadata }: Rewrite): Splice | undefined {
  const index = body.members.findIndex(({ key }) => key === 'metadata');
  const member = body.members[index];
  if (metadata === undefined || member === undefined) return undefined;
  if (metadata !== null)
    return { start: member.valueStart, end: member.valueEnd, json: JSON.stringify(metadata) };
  // The comma that goes with the member stands behind it, or before it if it is the last one.
  const next = body.members[index + 1];
  if (next !== undefined) return { start: member.start, end: next.start, json: '' };
  return { start: body.members[index - 1]?.valueEnd ?? member.start, end: member.valueEnd, json: '' };
}

function memberOf({ members }: ChatBody, key: string): JsonMember | undefined {
  return members.find((member) => member.key === key);
}

function isMessages(value: unknown): value is readonly ChatMessage[] {
  return Array.isArray(value) && value.every(isMessage);
}

function isMessage(value: unknown): value is ChatMessage {
  if (!isRecord(value) || typeof value['role'] !== 'string') return false;
  const content = value['content'];
  if (content === null || content === undefined || typeof content === 'string') return true;
  return (
    Array.isArray(content) && content.every((part) => isRecord(part) && typeof part['type'] === 'string')
  );
}
