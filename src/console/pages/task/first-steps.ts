import { html } from 'hono/html';
import type { Html } from '../console-page.ts';

/** What to do where no agent has come by yet, each step with the exact command. */
export function firstSteps(origin: string): Html {
  return html`<section class="empty">
    <h2>No agent has come by yet</h2>
    <p>
      Point one at this server by its base URL alone; its requests, its key and its answers stay as they are.
      Each prompt that Ratchet sees becomes a task on this page.
    </p>
    <ol class="steps">
      <li>
        <h3>Change the base URL of your OpenAI client</h3>
        <pre>OPENAI_BASE_URL=${origin}/v1</pre>
        <p class="muted">or in code:</p>
        <pre>const client = new OpenAI({ baseURL: '${origin}/v1' });</pre>
      </li>
      <li>
        <h3>Or try it by hand</h3>
        <pre>
curl -i ${origin}/v1/chat/completions \\
  -H "authorization: Bearer $OPENAI_API_KEY" -H "content-type: application/json" \\
  -d '{"model": "gpt-4o-mini", "messages": [
        {"role": "system", "content": "You sort support tickets. Answer with the name of the queue."},
        {"role": "user", "content": "I was charged twice this month."}]}'</pre>
      </li>
      <li>
        <h3>Say how good the answer was</h3>
        <p>by the header <code>x-ratchet-decision</code> of its response:</p>
        <pre>
curl ${origin}/v1/feedback -H "content-type: application/json" \\
  -d '{"id": "&lt;x-ratchet-decision&gt;", "score": 1, "expected": "billing"}'</pre>
        <p class="muted">
          Where this server asks for keys, add <code>-H "authorization: Bearer &lt;feedback key&gt;"</code>.
        </p>
      </li>
    </ol>
  </section>`;
}

/** What to do where nothing is proposed. */
export function learningIsOff(reason: string): Html {
  return html`<div class="notice" data-tone="watch" role="note">
    <strong>Learning is off:</strong> ${reason}. Requests are served and recorded, and nothing is proposed.
    Start Ratchet with <code>RATCHET_LEARNING_KEY</code> set to a key of your model service, which pays for
    proposals and tests within each task’s budget; <code>ratchet doctor</code> tells what is missing.
  </div>`;
}
