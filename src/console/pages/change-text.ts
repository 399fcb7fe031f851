import { html } from 'hono/html';
import type { RecordedChange } from '../../domain/change-event.ts';
import { badge, campaignBadge } from './badge.ts';
import { eText } from './campaign/e-value.ts';
import type { Html } from './console-page.ts';
import { cutText } from './cut-text.ts';
import { countText, shortId } from './format.ts';
import { campaignHref, taskHref, variantHref } from './hrefs.ts';
import { planCause } from './task/plan-cause.ts';

/** What changed, in a line. */
export function changeText(change: RecordedChange, looks: number): Html {
  switch (change.kind) {
    case 'task-added':
      return html`${badge('task', 'info')} A task was found:
        <a href="${taskHref(change.taskId)}">${cutText(change.taskId, 40)}</a>`;
    case 'plan-changed':
      return html`${badge(`plan ${change.version}`, 'good')} ${planCause(change.cause, shortId)}`;
    case 'campaign-changed':
      return html`${campaignBadge(change.state)}
      ${campaignLink(change.campaignId)}${evidenceText(change, looks)}`;
    case 'watch-event': {
      const { cause, action, variantId } = change.event;
      return html`${badge('watch', action === 'rolled-back' ? 'bad' : 'watch')} ${cause}: ${action},
        <a href="${variantHref(change.taskId, variantId)}"><code>${shortId(variantId)}</code></a>`;
    }
    case 'person-acted':
      return html`${badge('by hand', 'watch')} ${cutText(change.entry.actor, 40)}: ${change.entry.action}`;
  }
}

function campaignLink(campaignId: string): Html {
  return html`<a href="${campaignHref(campaignId)}"><code>${shortId(campaignId)}</code></a>`;
}

function evidenceText(
  { evidence }: Extract<RecordedChange, { readonly kind: 'campaign-changed' }>,
  looks: number,
): Html | string {
  if (evidence === null) return '';
  const { pairs, logSuperiority, logThreshold } = evidence;
  return html` <span class="muted"
    >${countText(pairs)} pairs, E ${eText(logSuperiority)} of
    ${eText(logThreshold)}${looks > 1 ? `, ${looks} looks` : ''}</span
  >`;
}
