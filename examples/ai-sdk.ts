/** The AI SDK: `npm install ai @ai-sdk/openai ratchet`, then `OPENAI_API_KEY=… node ai-sdk.ts`. */
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText, type ModelMessage } from 'ai';
import { createRatchet, decisionOf, ratchetFetch, ratchetHeaders } from 'ratchet/client';

const baseURL = process.env['RATCHET_URL'] ?? 'http://127.0.0.1:8787/v1';
const ratchet = createRatchet({ baseURL });
const openai = createOpenAI({ baseURL, fetch: ratchetFetch({ task: 'support-triage' }) });

// The same headers with each call of a conversation, which keeps its variant of the prompt.
const headers = ratchetHeaders({ episode: crypto.randomUUID() });
const model = openai('gpt-4o-mini');
const system = 'You sort support tickets. Answer with the name of the queue.';
const messages: ModelMessage[] = [{ role: 'user', content: 'I was charged twice this month.' }];

const first = await generateText({ model, headers, system, messages });
console.log('answer:', first.text);
const { outcome } = await ratchet.feedback({
  id: decisionOf(first) ?? first.response.id,
  score: 1,
  expected: 'billing',
});
console.log('feedback:', outcome);

messages.push(...first.response.messages, { role: 'user', content: 'And the month before.' });
const second = streamText({ model, headers, system, messages });
let text = '';
for await (const part of second.textStream) text += part;
console.log('answer:', text);
const response = await second.response;
const id = decisionOf(response) ?? response.id;
console.log('decision:', id);
void ratchet.feedback({ id, score: 0.5, comment: 'right, but long' });
await ratchet.close();
