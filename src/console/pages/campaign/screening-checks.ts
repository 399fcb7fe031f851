import { html } from 'hono/html';
import type { Screening, ScreeningCheck, ScreeningLimit } from '../../../domain/campaign.ts';
import { badge } from '../badge.ts';
import type { Html } from '../console-page.ts';

const meanings: Readonly<Record<ScreeningLimit, string>> = {
  'arms-of-this-variant': 'it serves already',
  'edits-without-place': 'edits whose phrase is not in the prompt',
  'unchanged-prompts': 'it changes nothing',
  'slots-changed': 'slots that are not as they were',
  'protected-spans-changed': 'protected phrases that are not as they were',
  'output-contract-changed': 'sentences on the form of answers that are gone or altered',
  'edit-tokens': 'tokens inserted, deleted or replaced',
  'tokens-over-parent': 'its length in tokens, held against its parent',
  'tokens-over-baseline': 'its length in tokens, held against the agent’s own prompt',
  'prompt-distance': 'distance of its meaning from its parent',
  'held-out-loss': 'loss on past requests that the optimizer was not shown',
};

/** Each limit that screening looked at. */
export function screeningChecks(screening: Screening | null): Html {
  if (screening === null)
    return html`<p class="muted">Not looked at yet. The gate holds a proposal against its limits first.</p>`;
  const failed = screening.checks.filter(({ isPassed }) => !isPassed);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Limits of screening">
    <table class="list">
      <caption class="visually-hidden">
        Limits of screening
      </caption>
      <thead>
        <tr>
          <th scope="col">Limit</th>
          <th scope="col" class="number">Value</th>
          <th scope="col" class="number">At most</th>
          <th scope="col"><span class="visually-hidden">Outcome</span></th>
        </tr>
      </thead>
      <tbody>
        ${[...failed, ...screening.checks.filter(({ isPassed }) => isPassed)].map(checkRow)}
      </tbody>
    </table>
  </div>`;
}

function checkRow({ limit, value, bound, isPassed }: ScreeningCheck): Html {
  return html`<tr>
    <td><code>${limit}</code><br /><small class="muted">${meanings[limit] ?? ''}</small></td>
    <td class="number">${figure(value)}</td>
    <td class="number">${figure(bound)}</td>
    <td>${isPassed ? badge('passed', 'good') : badge('exceeded', 'bad')}</td>
  </tr>`;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value).replace('-', '−') : value.toFixed(3).replace('-', '−');
}
