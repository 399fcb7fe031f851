import { conversationOf } from '../domain/agent-request.ts';
import { textOf } from '../domain/chat.ts';
import { contractGraders, type ContractConfig } from '../domain/contract.ts';
import { declaredSchemas } from '../domain/declared-schemas.ts';
import type { Trace } from '../domain/trace.ts';
import { isToolRequired, offeredTools } from './graders/offered-tools.ts';
import { isValidJson, parseJson, schemaViolations } from './graders/validate-json.ts';

/** Whether a recorded answer kept its contract. */
export type ContractCheck =
  /** Nothing is declared, nothing was recorded, or the request is none that the contract speaks of. */
  | { readonly kind: 'none' }
  | { readonly kind: 'kept' }
  /** `violations` name keywords and fields of schemas and tools, never what somebody wrote. */
  | { readonly kind: 'broken'; readonly violations: readonly string[] };

const none: ContractCheck = { kind: 'none' };

/**
 * Holds a recorded answer against what its task declares, and what its request does: the form of the answer
 * (`response_format`, a schema of the task) and the arguments of tool calls. An answer that calls tools owes no form; one
 * that refuses, was cut off or failed owes nothing. Not on the user's path.
 */
export function checkContract({ decision }: Trace, contract: ContractConfig = {}): ContractCheck {
  const { content, status, finishReason } = decision;
  if (content === null || status !== 200 || finishReason === 'length') return none;
  const { request, completion } = content;
  if (completion.refusal !== null || !isMeant(textOfUser(request), contract.inputs)) return none;
  const tools = offeredTools(request);
  if (completion.toolCalls.length > 0) {
    if (tools.length === 0) return none;
    return checked(completion.toolCalls.flatMap((call) => callViolations(call, tools)));
  }
  const schemas = declaredSchemas(request, contractGraders(contract));
  if (schemas.length === 0) return isToolRequired(request) ? checked(['a tool call is required']) : none;
  const json = parseJson(completion.text);
  if (json === undefined) return checked(['the answer is not JSON']);
  return checked([...new Set(schemas.flatMap((schema) => schemaViolations(schema, json.value)))]);
}

function checked(violations: readonly string[]): ContractCheck {
  return violations.length === 0 ? { kind: 'kept' } : { kind: 'broken', violations };
}

function callViolations(
  call: { readonly name: string; readonly arguments: string },
  tools: ReturnType<typeof offeredTools>,
): readonly string[] {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return ['a tool is called that was not offered'];
  if (tool.isTextTool) return [];
  const json = parseJson(call.arguments === '' ? '{}' : call.arguments);
  if (json === undefined) return [`the arguments of ${tool.name} are not JSON`];
  if (tool.schema === undefined) return [];
  return schemaViolations(tool.schema, json.value).map(
    (violation) => `arguments of ${tool.name}: ${violation}`,
  );
}

function textOfUser(request: Parameters<typeof conversationOf>[0]): string {
  return textOf(conversationOf(request).findLast(({ role }) => role === 'user')?.content);
}

/** Whether an input fits its schema as JSON or as a string; a schema that cannot be used fits any. */
function isMeant(input: string, schema: ContractConfig['inputs']): boolean {
  if (schema === undefined) return true;
  const json = parseJson(input);
  const readings: readonly unknown[] = json === undefined ? [input] : [json.value, input];
  return readings.some((value) => isValidJson(schema, value) !== false);
}
