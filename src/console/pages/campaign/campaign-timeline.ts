import { html } from 'hono/html';
import type { CampaignView } from '../../api/campaign.schema.ts';
import { badge, campaignBadge } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago } from '../format.ts';

/** The states that a campaign went through, newest last, each with who or what made it so. */
export function campaignTimeline(campaign: CampaignView, nowMs: number): Html {
  const { history, proposedAtMs, optimizer, approval, byHand, isAwaitingApproval } = campaign;
  const events: readonly TimelineEvent[] = [
    {
      atMs: proposedAtMs,
      mark: campaignBadge('proposed'),
      text: optimizer === 'by-hand' ? 'by a person' : `by ${optimizer}`,
    },
    ...history.map(({ atMs, to, reason }) => ({ atMs, mark: campaignBadge(to), text: reason })),
    ...(approval === null
      ? []
      : [{ atMs: approval.atMs, mark: badge('approved', 'good'), text: `by ${approval.by}` }]),
  ].toSorted((one, other) => one.atMs - other.atMs);
  return html`<ol class="timeline">
    ${events.map(
      ({ atMs, mark, text }) =>
        html`<li>${mark} <span class="muted">${ago(atMs, nowMs)}</span><br />${cutText(text, 400)}</li>`,
    )}
    ${
      isAwaitingApproval
        ? html`<li>${badge('passed', 'watch')}<br />Its evidence suffices; it waits to be let in.</li>`
        : ''
    }
    ${
      byHand === null
        ? ''
        : html`<li>
            ${badge('by hand', 'watch')}<br />Promoted by ${cutText(byHand.by)} without the gate’s verdict.
          </li>`
    }
  </ol>`;
}

interface TimelineEvent {
  readonly atMs: number;
  readonly mark: Html;
  readonly text: string;
}
