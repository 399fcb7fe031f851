/** OpenAI Agents: `npm install @openai/agents openai ratchet`, then `OPENAI_API_KEY=… node openai-agents.ts`. */
import { Agent, OpenAIResponsesModel, run, user } from '@openai/agents';
import OpenAI from 'openai';
import { createRatchet, decisionOf, withRatchet } from 'ratchet/client';

const baseURL = process.env['RATCHET_URL'] ?? 'http://127.0.0.1:8787/v1';
const ratchet = createRatchet({ baseURL });

// One client for each agent and conversation: a task is one prompt, and a conversation keeps its variant of it.
const episode = crypto.randomUUID();
const client = withRatchet(new OpenAI({ baseURL }), { task: 'support-triage', episode });
const agent = new Agent({
  name: 'Triage',
  instructions: 'You sort support tickets. Answer with the name of the queue.',
  model: new OpenAIResponsesModel(client, 'gpt-4o-mini'),
});

const first = await run(agent, 'I was charged twice this month.');
console.log('answer:', first.finalOutput);
const { outcome } = await ratchet.feedback({
  id: decisionOf(first) ?? episode,
  score: 1,
  expected: 'billing',
});
console.log('feedback:', outcome);

const second = await run(agent, [...first.history, user('And the month before.')], { stream: true });
let text = '';
for await (const part of second.toTextStream()) text += part;
await second.completed;
console.log('answer:', text);
console.log('decision:', decisionOf(second));
// About the run as a whole: the name of its episode will do.
void ratchet.feedback({ id: episode, metric: 'resolved', value: true });
await ratchet.close();
