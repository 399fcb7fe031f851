import type { Completion } from '../../domain/chat.ts';

/** What an answer says: its text, or, where it only calls tools, the arguments of the calls. */
export function outputText({ text, toolCalls }: Completion): string {
  const isOnlyCalls = text.trim() === '' && toolCalls.length > 0;
  return isOnlyCalls ? toolCalls.map((call) => call.arguments).join('\n') : text;
}
