import { expect, test } from 'vitest';
import { isRetryingClient } from './client-retries.ts';

// As the clients send them: openai 7.55, ai 7.0, @langchain/openai 1.6 (above openai), curl.
test.each<[readonly string[], boolean]>([
  [['user-agent', 'OpenAI/JS 7.55.0', 'x-stainless-lang', 'js', 'x-stainless-retry-count', '0'], true],
  [['User-Agent', 'OpenAI/Python 2.1.0', 'X-Stainless-Retry-Count', '1'], true],
  [['user-agent', 'ai/7.0.173 ai-sdk-provider-utils/5.0.81 node.js/24'], true],
  [['user-agent', 'my-app/1 ai/7.0.173'], true],
  [['user-agent', 'langchainjs-openai/1.0.0 ((node/v24; linux; x64))', 'x-stainless-retry-count', '0'], true],
  [['user-agent', 'curl/8.5.0'], false],
  [['user-agent', 'mail/1'], false],
  [[], false],
])('%j: %s', (headers, isRetrying) => {
  expect(isRetryingClient(headers)).toBe(isRetrying);
});
