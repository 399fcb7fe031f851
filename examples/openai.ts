/** The `openai` package: `npm install openai ratchet`, then `OPENAI_API_KEY=… node openai.ts`. */
import OpenAI from 'openai';
import { createRatchet, decisionOf, withRatchet } from 'ratchet/client';

const baseURL = process.env['RATCHET_URL'] ?? 'http://127.0.0.1:8787/v1';
const ratchet = createRatchet({ baseURL });
const triage = withRatchet(new OpenAI({ baseURL }), { task: 'support-triage' });

// One client for each conversation, which keeps its variant of the prompt.
const client = withRatchet(triage, { episode: crypto.randomUUID() });
const model = 'gpt-4o-mini';
const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: 'You sort support tickets. Answer with the name of the queue.' },
  { role: 'user', content: 'I was charged twice this month.' },
];

const completion = await client.chat.completions.create({ model, messages });
const answer = completion.choices[0]?.message.content ?? '';
console.log('answer:', answer);
const { outcome } = await ratchet.feedback({
  id: decisionOf(completion) ?? completion.id,
  score: 1,
  expected: 'billing',
});
console.log('feedback:', outcome);

messages.push({ role: 'assistant', content: answer }, { role: 'user', content: 'And the month before.' });
const stream = await client.chat.completions.create({ model, messages, stream: true });
let [id, text] = ['', ''];
for await (const chunk of stream) {
  id = decisionOf(chunk) ?? chunk.id;
  text += chunk.choices[0]?.delta.content ?? '';
}
console.log('answer:', text);
console.log('decision:', id);
// It need not be awaited: it is sent with others, again if need be, and `close` waits for it.
void ratchet.feedback({ id, score: 0.5, comment: 'right, but long' });
await ratchet.close();
