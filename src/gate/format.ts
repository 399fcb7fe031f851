import { isChat, type AgentRequest } from '../domain/agent-request.ts';
import type { GraderConfig } from '../domain/grader.ts';
import type { Answered } from './answered.ts';
import { isToolRequired, offeredTools } from './graders/offered-tools.ts';
import { areCallsValid } from './graders/tool-call.ts';
import { isValidJson, parseJson } from './graders/validate-json.ts';

/**
 * Whether an answer has the form that its request or the task's configuration declares: JSON where a response format
 * or a `json-schema` grader asks for it, valid calls where tools are offered. `undefined` where no form is declared.
 */
export function hasDeclaredFormat(
  { request, answer }: Pick<Answered, 'request' | 'answer'>,
  graders: readonly GraderConfig[],
): boolean | undefined {
  const tools = offeredTools(request);
  if (answer.toolCalls.length > 0) return areCallsValid(answer.toolCalls, tools);
  if (isToolRequired(request)) return false;
  const schemas = declaredSchemas(request, graders);
  if (schemas.length === 0) return tools.length > 0 ? true : undefined;
  const json = parseJson(answer.text);
  return json !== undefined && schemas.every((schema) => isValidJson(schema, json.value) !== false);
}

/**
 * The JSON schemas that a request and the task's graders declare answers to satisfy; `true` as a schema stands for any
 * JSON document.
 */
export function declaredSchemas(request: AgentRequest, graders: readonly GraderConfig[]): readonly unknown[] {
  const schemas: unknown[] = graders.flatMap((config) =>
    config.kind === 'json-schema' ? [config.schema] : [],
  );
  const format = declaredFormat(request);
  if (format?.type === 'json_object') return [...schemas, true];
  if (format?.type !== 'json_schema') return schemas;
  // A chat has the schema inside another object, a responses request right in the format.
  const declared: unknown = 'json_schema' in format ? format.json_schema : format;
  const hasSchema = typeof declared === 'object' && declared !== null && 'schema' in declared;
  return [...schemas, hasSchema ? declared.schema : true];
}

function declaredFormat(request: AgentRequest): { readonly type: unknown } | undefined {
  const { text, response_format: chatFormat } = request;
  const isText = typeof text === 'object' && text !== null && 'format' in text;
  const format: unknown = isChat(request) ? chatFormat : isText ? text.format : undefined;
  return typeof format === 'object' && format !== null && 'type' in format ? format : undefined;
}
