import type { ToolCall } from '../../domain/chat.ts';
import type { GraderConfig } from '../../domain/grader.ts';
import { missing, scored, type Grader } from './grader.ts';
import { isToolRequired, offeredTools, type OfferedTool } from './offered-tools.ts';
import { isValidJson, parseJson } from './validate-json.ts';

/**
 * 1 where every call names an offered tool and its arguments satisfy the tool's schema, else 0. An answer without
 * calls is 0 where the request demands one, and missing elsewhere: there is nothing to grade.
 */
export const toolCall: Grader<Extract<GraderConfig, { kind: 'tool-call' }>> = {
  isDeterministic: true,
  grade: (_config, { answer, request }) => {
    if (answer.toolCalls.length > 0)
      return scored(areCallsValid(answer.toolCalls, offeredTools(request)) ? 1 : 0);
    return isToolRequired(request)
      ? scored(0, 'a tool call is required')
      : missing('the answer calls no tool');
  },
};

/** Whether every call names an offered tool and its arguments satisfy that tool's schema, where it is a usable one. */
export function areCallsValid(calls: readonly ToolCall[], tools: readonly OfferedTool[]): boolean {
  return calls.every((call) => {
    const tool = tools.find(({ name }) => name === call.name);
    if (tool?.isTextTool === true) return true;
    // A tool without parameters may be called with no text at all.
    const json = parseJson(call.arguments === '' ? '{}' : call.arguments);
    if (tool === undefined || json === undefined) return false;
    return tool.schema === undefined || isValidJson(tool.schema, json.value) !== false;
  });
}
