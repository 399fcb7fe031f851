import { headerValue } from './hop-by-hop.ts';

/**
 * Whether a request comes from a client that tries again by itself: OpenAI's libraries count their attempts in a header
 * (also below LangChain and the agents SDK, which count on top), the AI SDK names itself. Whether its user has switched
 * that off cannot be seen.
 */
export function isRetryingClient(headers: readonly string[]): boolean {
  return (
    headerValue(headers, 'x-stainless-retry-count') !== undefined ||
    /(^|\s)ai\/\d/.test(headerValue(headers, 'user-agent') ?? '')
  );
}
