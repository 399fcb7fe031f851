import type { AgentRequest } from '../../domain/agent-request.ts';

/** A tool that a request offers; `schema` is `undefined` where its arguments are free. */
export interface OfferedTool {
  readonly name: string;
  readonly schema: unknown;
  /** Whether it is called with any text rather than with JSON. */
  readonly isTextTool: boolean;
}

/**
 * The tools of a request in the form of chat completions (its older `functions` too) or of responses; what has another
 * form is left out.
 */
export function offeredTools({ tools, functions }: AgentRequest): readonly OfferedTool[] {
  const offered: readonly unknown[] = [tools, functions].flatMap((list) => (Array.isArray(list) ? list : []));
  return offered.flatMap((tool): OfferedTool[] => {
    const definition = field(tool, 'function') ?? field(tool, 'custom') ?? tool;
    const name = field(definition, 'name');
    const isTextTool = field(tool, 'type') === 'custom';
    return typeof name === 'string' ? [{ name, schema: field(definition, 'parameters'), isTextTool }] : [];
  });
}

/** Whether the request leaves the model no choice but to call a tool. */
export function isToolRequired({
  tool_choice: choice,
  function_call: functionChoice,
}: AgentRequest): boolean {
  if (typeof field(functionChoice, 'name') === 'string') return true;
  const kind = field(choice, 'type');
  if (kind !== 'allowed_tools') return choice === 'required' || kind === 'function' || kind === 'custom';
  return (field(choice, 'mode') ?? field(field(choice, 'allowed_tools'), 'mode')) === 'required';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
