import type { ChatRequest } from '../../domain/chat.ts';

/** Who a call is meant for. */
export type ModelRole = 'agent' | 'optimizer' | 'judge';

/** By the name of the response format's JSON schema; whatever is neither `proposals` nor `judgement` is the agent's. */
export function roleOf(request: ChatRequest): ModelRole {
  switch (schemaNameOf(request['response_format'])) {
    case 'proposals':
      return 'optimizer';
    case 'judgement':
      return 'judge';
    default:
      return 'agent';
  }
}

function schemaNameOf(format: unknown): unknown {
  const schema = isRecord(format) ? format['json_schema'] : undefined;
  return isRecord(schema) ? schema['name'] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
