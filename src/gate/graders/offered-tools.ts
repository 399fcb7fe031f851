import type { ChatRequest } from '../../domain/chat.ts';

/** A tool that a request offers; `schema` is `undefined` where its arguments are free. */
export interface OfferedTool {
  readonly name: string;
  readonly schema: unknown;
}

/** The tools of a request in the form of chat completions or of responses; what has another form is left out. */
export function offeredTools(request: ChatRequest): readonly OfferedTool[] {
  const { tools } = request;
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown): OfferedTool[] => {
    const definition = field(tool, 'function') ?? tool;
    const name = field(definition, 'name');
    return typeof name === 'string' ? [{ name, schema: field(definition, 'parameters') }] : [];
  });
}

/** Whether the request leaves the model no choice but to call a tool. */
export function isToolRequired({ tool_choice: choice }: ChatRequest): boolean {
  return choice === 'required' || field(choice, 'type') === 'function';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
