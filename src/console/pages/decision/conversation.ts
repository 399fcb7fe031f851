import { html } from 'hono/html';
import { conversationOf, type AgentRequest } from '../../../domain/agent-request.ts';
import { leadingPromptLength, textOf, type ChatMessage, type Completion } from '../../../domain/chat.ts';
import { isRecord } from '../../../domain/is-record.ts';
import type { Html } from '../console-page.ts';
import { cutText, longText } from '../cut-text.ts';

/** Messages that are shown at once, the last ones; those before are a click away. */
const shownMax = 12;

/** What was said, as text: the agent's own prompt, its messages and tool calls, and the answer. */
export function conversation(request: AgentRequest, completion: Completion): Html {
  const messages = conversationOf(request);
  const own = leadingPromptLength(messages);
  const items = messages.map((message, index) => turn(message, index < own));
  const early = items.slice(0, -shownMax);
  return html`${
      early.length === 0
        ? ''
        : html`<details>
            <summary>${early.length} earlier messages</summary>
            <ol class="turns">
              ${early}
            </ol>
          </details>`
    }
    <ol class="turns">
      ${items.slice(-shownMax)}
      <li data-role="answer">
        <h3>the answer</h3>
        ${answer(completion)}
      </li>
    </ol>`;
}

/** What a model answered: text, tool calls, or that it refused. */
export function answer({ text, toolCalls, finishReason, refusal }: Completion): Html {
  return html`${text === '' && (toolCalls.length > 0 || refusal !== null) ? '' : longText(text)}
  ${toolCalls.map((call) => toolCall(call.name, call.arguments))}
  ${
    refusal === null
      ? ''
      : html`<p class="muted">It refused:</p>
          ${longText(refusal)}`
  }
  ${
    finishReason === null || finishReason === 'stop' || finishReason === 'tool_calls'
      ? ''
      : html`<p class="muted">Ended: ${cutText(finishReason, 40)}</p>`
  }`;
}

function turn(message: ChatMessage, isOwnPrompt: boolean): Html {
  const { role, content } = message;
  const text = textOf(content);
  const others = Array.isArray(content) ? content.filter(({ type }) => type !== 'text') : [];
  const calls = callsOf(message);
  return html`<li data-role="${knownRoles.has(role) ? role : 'other'}">
    <h3>
      ${cutText(role, 40)}
      ${isOwnPrompt ? html`<span class="muted">the prompt, as the agent sent it</span>` : ''}
    </h3>
    ${text === '' && (calls.length > 0 || others.length > 0) ? '' : longText(text)}
    ${others.map((part) => html`<p class="muted">A part that is no text: ${cutText(part.type, 60)}</p>`)}
    ${calls.map(({ name, input }) => toolCall(name, input))}
  </li>`;
}

const knownRoles: ReadonlySet<string> = new Set(['system', 'developer', 'user', 'assistant', 'tool']);

function toolCall(name: string, input: string): Html {
  return html`<p class="tool">Calls <code>${cutText(name, 80)}</code></p>
    ${longText(input)}`;
}

function callsOf(message: ChatMessage): readonly { readonly name: string; readonly input: string }[] {
  const calls = message['tool_calls'];
  if (!Array.isArray(calls)) return [];
  return calls.filter(isRecord).map((call) => {
    const called = isRecord(call['function'])
      ? call['function']
      : isRecord(call['custom'])
        ? call['custom']
        : call;
    return { name: textual(called['name']), input: textual(called['arguments'] ?? called['input']) };
  });
}

function textual(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value ?? null) ?? '');
}
