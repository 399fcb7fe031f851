import { html } from 'hono/html';
import type { CampaignView } from '../../api/campaign.schema.ts';
import type { TaskDetail } from '../../task-view.ts';
import { armBadge } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { ago, countText, percentText, valueText } from '../format.ts';
import { taskHref } from '../hrefs.ts';

/** What of the traffic a campaign's variant has, and what it delivers; nothing before it serves. */
export function servingCard(
  { canary, variantId, taskId }: CampaignView,
  { armDetails, feedbacks }: Pick<TaskDetail, 'armDetails' | 'feedbacks'>,
  nowMs: number,
): Html | string {
  const arm = armDetails.find((one) => one.variantId === variantId);
  if (canary === null && arm === undefined) return '';
  return html`<section class="card" aria-labelledby="serving-title">
    <header>
      <h2 id="serving-title">In the traffic</h2>
      ${arm === undefined ? '' : armBadge(arm.status)}
    </header>
    <dl class="facts">
      ${
        canary === null
          ? ''
          : html`<dt>Admitted</dt>
              <dd>
                ${ago(canary.startedAtMs, nowMs)}, ${countText(Math.max(0, feedbacks - canary.atFeedback))}
                feedbacks of the task ago
              </dd>`
      }
      ${
        arm === undefined
          ? html`<dt>Serves</dt>
              <dd>no longer</dd>`
          : html`<dt>Serves</dt>
              <dd>${percentText(arm.probability)} of new conversations, at most ${percentText(arm.cap)}</dd>
              <dt>Delivers</dt>
              <dd>
                ${valueText(arm.meanReward)}${
                  arm.low === null || arm.high === null
                    ? ''
                    : ` (${valueText(arm.low)} … ${valueText(arm.high)}), ${countText(arm.observations)} recent observations`
                }
              </dd>`
      }
      <dt>Beside it</dt>
      <dd><a href="${taskHref(taskId)}">the other arms of its task</a></dd>
    </dl>
  </section>`;
}
