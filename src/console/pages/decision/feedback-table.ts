import { html } from 'hono/html';
import type { FeedbackRecord } from '../../../store/feedback-search.ts';
import { badge } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { cutText, longText } from '../cut-text.ts';
import { ago, nothing } from '../format.ts';

/** What was said of a decision or of its episode. */
export function feedbackTable(feedback: readonly FeedbackRecord[], nowMs: number): Html {
  if (feedback.length === 0)
    return html`<p class="muted">
      None has come. Send it to <code>POST /v1/feedback</code> with the id of this decision, of its completion
      or of its episode.
    </p>`;
  return html`<ul class="entries">
    ${feedback.map((one) => entry(one, nowMs))}
  </ul>`;
}

function entry(
  { metric, value, isCounted, decisionId, comment, expected, tags, source, atMs, state }: FeedbackRecord,
  nowMs: number,
): Html {
  return html`<li>
    <p>
      <strong>${cutText(metric ?? 'without a value', 60)}</strong>
      ${value === null ? '' : html`<span class="value">${Number(value.toPrecision(6))}</span>`}
      ${state === 'resolved' ? '' : badge(state, 'watch')}
      ${isCounted ? badge('counts', 'good') : badge('does not count', 'quiet')}
      ${decisionId === null ? badge('of the episode', 'info') : ''}
      <span class="muted">${ago(atMs, nowMs)} from ${cutText(source, 40)}</span>
    </p>
    ${
      comment === null
        ? ''
        : html`<p class="muted">Comment</p>
            ${longText(comment)}`
    }
    ${
      expected === null
        ? ''
        : html`<p class="muted">The right answer</p>
            ${longText(expected)}`
    }
    ${Object.keys(tags).length === 0 ? '' : tagList(tags)}
  </li>`;
}

function tagList(tags: FeedbackRecord['tags']): Html {
  return html`<dl class="facts">
    ${Object.entries(tags).map(
      ([name, value]) =>
        html`<dt>${cutText(name, 40)}</dt>
          <dd>${value === '' ? nothing : cutText(value, 200)}</dd>`,
    )}
  </dl>`;
}
