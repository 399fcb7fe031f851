import { declaredSchemas } from '../domain/declared-schemas.ts';
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
