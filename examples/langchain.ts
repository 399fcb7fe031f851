/** LangChain: `npm install @langchain/core @langchain/openai ratchet`, then `OPENAI_API_KEY=… node langchain.ts`. */
import { AIMessageChunk, HumanMessage, SystemMessage, type BaseMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRatchet, decisionOf, ratchetFetch } from 'ratchet/client';

const baseURL = process.env['RATCHET_URL'] ?? 'http://127.0.0.1:8787/v1';
const ratchet = createRatchet({ baseURL });

// One model for all conversations; which one a request belongs to is told by where it was made.
const episode = new AsyncLocalStorage<string>();
const fetch = ratchetFetch(() => ({ task: 'support-triage', episode: episode.getStore() }));
const model = new ChatOpenAI({ model: 'gpt-4o-mini', configuration: { baseURL, fetch } });

episode.enterWith(crypto.randomUUID());
const messages: BaseMessage[] = [
  new SystemMessage('You sort support tickets. Answer with the name of the queue.'),
  new HumanMessage('I was charged twice this month.'),
];

const first = await model.invoke(messages);
console.log('answer:', first.text);
const { outcome } = await ratchet.feedback({
  id: decisionOf(first) ?? first.id ?? '',
  score: 1,
  expected: 'billing',
});
console.log('feedback:', outcome);

messages.push(first, new HumanMessage('And the month before.'));
let second = new AIMessageChunk('');
for await (const chunk of await model.stream(messages)) second = second.concat(chunk);
console.log('answer:', second.text);
const id = decisionOf(second) ?? second.id ?? '';
console.log('decision:', id);
void ratchet.feedback({ id, score: 0.5, comment: 'right, but long' });
await ratchet.close();
