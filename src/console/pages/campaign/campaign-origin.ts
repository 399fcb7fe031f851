import { html } from 'hono/html';
import type { CampaignView } from '../../api/campaign.schema.ts';
import type { Html } from '../console-page.ts';
import { ago, moneyText, shortId } from '../format.ts';
import { campaignHref, decisionHref, variantHref } from '../hrefs.ts';
import { proposerText } from './proposer-text.ts';

/** Decisions that are linked at once. */
const shownMax = 12;

const purposes = {
  improve: 'to improve answers',
  prune: 'to take out of the prompt what is of no worth',
} as const;

/** Where a proposal comes from. */
export function campaignOrigin(campaign: CampaignView, nowMs: number): Html {
  const { taskId, variantId, parentId, optimizer, purpose, originCampaignId } = campaign;
  const { shownDecisionIds, costUsd, frozenAtMs, baselineVersion } = campaign;
  return html`<dl class="facts">
    <dt>Proposed by</dt>
    <dd>${proposerText(optimizer)}, ${purposes[purpose]}</dd>
    <dt>Built upon</dt>
    <dd>
      <a href="${variantHref(taskId, parentId)}"
        >${parentId === 'baseline' ? 'the agent’s own prompt' : html`<code>${shortId(parentId)}</code>`}</a
      >, version ${baselineVersion} of it
    </dd>
    <dt>Variant</dt>
    <dd>
      <a href="${variantHref(taskId, variantId)}"><code>${variantId}</code></a>
    </dd>
    ${
      originCampaignId === null
        ? ''
        : html`<dt>Takes up</dt>
            <dd><a href="${campaignHref(originCampaignId)}">an earlier campaign</a></dd>`
    }
    <dt>Frozen</dt>
    <dd>${ago(frozenAtMs, nowMs)}; only requests after that are evidence</dd>
    <dt>Cost to propose</dt>
    <dd>${moneyText(costUsd)}</dd>
    <dt>Learned from</dt>
    <dd>
      ${
        shownDecisionIds.length === 0
          ? 'no recorded request was shown to the optimizer'
          : html`${shownDecisionIds
              .slice(0, shownMax)
              .map((id) => html`<a href="${decisionHref(id)}"><code>${shortId(id)}</code></a> `)}
            ${shownDecisionIds.length > shownMax ? `and ${shownDecisionIds.length - shownMax} more` : ''}`
      }
    </dd>
  </dl>`;
}
