import { LLMock } from '@copilotkit/aimock';
import type { ComparedUpstream } from './two-ways.ts';

/** More text than the mock gets to send. */
const longStory = 'And so it went on. '.repeat(500);

/** Starts a mock of OpenAI's API that somebody else wrote, with an answer to everything that clients ask in tests. */
export async function startIndependentMock(): Promise<ComparedUpstream> {
  const mock = new LLMock({ port: 0, latency: 0, chunkSize: 7 });
  const weather = (city: string): { readonly name: string; readonly arguments: string } => ({
    name: 'get_weather',
    arguments: JSON.stringify({ city }),
  });
  mock.on({ hasToolResult: true }, { content: 'Sunny — süß 🎫.' });
  mock.onMessage('Bern and Basel', { toolCalls: [weather('Bern'), weather('Basel')] });
  mock.onMessage('Bern', { toolCalls: [weather('Bern')] });
  mock.onMessage('Sort it', { content: { queue: 'billing', urgent: true } });
  mock.onMessage('Break off', { content: longStory }, { truncateAfterChunks: 6, latency: 10 });
  for (const status of [400, 401, 404, 429, 500])
    mock.onMessage(`Fail with ${status}`, {
      error: { message: `It is ${status}.`, type: 'some_error', code: 'some_code' },
      status,
    });
  mock.onImage(/.*/, { image: { b64Json: 'AAEC', revisedPrompt: 'better' } });
  mock.onSpeech(/.*/, { audio: Buffer.from('sound').toString('base64') });
  mock.onTranscription({ transcription: { text: 'what was said' } });
  mock.onMessage(/.*/, { content: 'The queue is billing — süß 🎫.' });
  await mock.start();
  let taken = 0;
  return {
    port: mock.port,
    random: {
      text: /\b(?:chatcmpl|resp|msg|fc|call|req|modr|file|batch)[-_][\w-]{16,}|formdata-undici-\d+/g,
      times: true,
    },
    take: () => {
      const entries = mock.getRequests();
      const fresh = entries.slice(taken);
      taken = entries.length;
      return fresh.map(({ method, path, headers, body }) => ({
        method,
        path: path.replace(/^\/v1/, '').replace(/\?.*$/, ''),
        headers,
        body,
      }));
    },
    close: () => mock.stop(),
  };
}
