import { isChat, type AgentRequest } from './agent-request.ts';
import type { GraderConfig } from './grader.ts';

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
