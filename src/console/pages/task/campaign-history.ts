import { html } from 'hono/html';
import type { CampaignView } from '../../api/campaign.schema.ts';
import { campaignReason } from '../../campaign-reason.ts';
import { badge, campaignBadge } from '../badge.ts';
import { changeInWords } from '../campaign/change-in-words.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago } from '../format.ts';
import { campaignHref } from '../hrefs.ts';

/** Campaigns of a task, newest first. */
export function campaignHistory(campaigns: readonly CampaignView[], nowMs: number): Html {
  if (campaigns.length === 0)
    return html`<p class="muted">
      None yet. Campaigns begin when there are enough requests with feedback and learning is on.
    </p>`;
  return html`<ol class="timeline" data-rows>
    ${campaigns.map((campaign) => {
      const { id, state, edits, optimizer, purpose, proposedAtMs, isAwaitingApproval } = campaign;
      const last = campaign.history.at(-1);
      const reason = campaignReason(campaign);
      return html`<li data-state="${state}">
        <p class="line">
          ${campaignBadge(state)} <a href="${campaignHref(id)}" data-row>${changeInWords(edits)}</a>
          ${purpose === 'prune' ? badge('shorter', 'quiet', 'Proposed to save tokens') : ''}
          ${isAwaitingApproval ? badge('waits for a yes', 'watch') : ''}
        </p>
        <p class="muted small">
          ${optimizer === 'by-hand' ? 'by hand' : optimizer}, ${ago(last?.atMs ?? proposedAtMs, nowMs)}
          ${reason === '' ? '' : html` · ${cutText(reason, 140)}`}
        </p>
      </li>`;
    })}
  </ol>`;
}
