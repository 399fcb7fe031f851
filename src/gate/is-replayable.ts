import { isChat, type AgentRequest } from '../domain/agent-request.ts';
import type { ResponseItem } from '../domain/responses.ts';

/** Tools that only the agent can carry out: a model that calls one has done nothing yet. */
const harmlessTools: ReadonlySet<unknown> = new Set(['function', 'custom']);

/** Fields of a responses request by which it depends on what upstream keeps: earlier turns, or a prompt. */
const statefulFields = ['previous_response_id', 'conversation', 'prompt'] as const;

/**
 * Whether a recorded request can be asked again off the user's path: everything that it depends on is in it, and upstream
 * does nothing but answer. Tools that upstream itself carries out (search, code, computers, servers) might act.
 */
export function isReplayable(request: AgentRequest): boolean {
  if (!toolsOf(request).every(({ type }) => harmlessTools.has(type))) return false;
  if (isChat(request)) return isAbsent(request['web_search_options']);
  const { input } = request;
  return (
    statefulFields.every((field) => isAbsent(request[field])) &&
    (input === undefined || typeof input === 'string' || input.every(isSelfContained))
  );
}

function toolsOf({ tools }: AgentRequest): readonly { readonly type: unknown }[] {
  if (isAbsent(tools)) return [];
  if (!Array.isArray(tools)) return [{ type: undefined }];
  return tools.map((tool: unknown) => ({
    type: typeof tool === 'object' && tool !== null && 'type' in tool ? tool.type : undefined,
  }));
}

/** An item that names another one, or thoughts without their text, are of use only to who keeps them. */
function isSelfContained({ type, role, encrypted_content: thoughts }: ResponseItem): boolean {
  if (type === 'reasoning') return typeof thoughts === 'string';
  return type !== 'item_reference' && (typeof type === 'string' || role !== undefined);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
