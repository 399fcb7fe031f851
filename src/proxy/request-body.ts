import { isUtf8 } from 'node:buffer';
import type { AgentRequest } from '../domain/agent-request.ts';
import { findMembers } from './json-members.ts';
import type { RequestFormat } from './request-format.ts';
import type { JsonBody } from './splice.ts';

/** A request as it came over the wire, with what routing looks at. */
export interface RequestBody extends JsonBody {
  readonly format: RequestFormat;
  /** Only the fields of the format; the others are not parsed. */
  readonly request: AgentRequest;
  readonly isStream: boolean;
}

/**
 * Reads what routing needs from a body. `undefined` where the body is no request that could be rewritten with certainty:
 * not UTF-8, no JSON object, a field of ours twice, no model or a malformed conversation. Such a body is upstream's to
 * judge.
 */
export function readRequestBody(format: RequestFormat, bytes: Buffer): RequestBody | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('latin1');
  const members = findMembers(text);
  if (members === undefined) return undefined;
  const fields: Record<string, unknown> = {};
  try {
    for (const { key, valueStart, valueEnd } of members) {
      if (!format.fields.has(key)) continue;
      if (Object.hasOwn(fields, key)) return undefined;
      fields[key] = JSON.parse(bytes.toString('utf8', valueStart, valueEnd));
    }
  } catch {
    return undefined;
  }
  const request = format.requestOf(fields);
  if (request === undefined) return undefined;
  return { format, bytes, text, members, request, isStream: fields['stream'] === true };
}

/** Everything that the client sent, for the record. Throws a SyntaxError where a field that was not read is malformed. */
export function wholeRequest({ bytes, request }: RequestBody): AgentRequest {
  return { ...JSON.parse(bytes.toString()), ...request };
}
