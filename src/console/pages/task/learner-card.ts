import { html } from 'hono/html';
import type { LearnerView } from '../../api/learner.schema.ts';
import { badge, campaignBadge } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago, countText, moneyText, percentText } from '../format.ts';
import { variantHref } from '../hrefs.ts';
import { variantName } from '../variant-name.ts';

/** What learning is about: whether it goes on, what waits, and which optimizers were worth it. */
export function learnerCard(taskId: string, learner: LearnerView, nowMs: number): Html {
  const { isOn, reason, paused, isHeld, radius, baseline, trials, modelChangedAtMs, alarms } = learner;
  return html`<dl class="facts">
      <dt>State</dt>
      <dd>
        ${
          paused
            ? html`${badge('paused', 'watch')} by ${cutText(paused.by)}, ${ago(paused.atMs, nowMs)}`
            : isHeld
              ? html`${badge('held', 'watch')} while all traffic is pinned`
              : isOn
                ? badge('on', 'good', reason)
                : html`${badge('off', 'quiet')} ${reason}`
        }
      </dd>
      <dt>Own prompt</dt>
      <dd>
        version ${baseline.version},
        ${
          baseline.isSettled
            ? 'settled'
            : html`not settled yet: ${countText(baseline.stableFor)} requests have matched it since it last
              changed`
        }
      </dd>
      <dt>Trust region</dt>
      <dd>an edit may change up to ${percentText(radius)} of the prompt</dd>
      <dt>Campaigns</dt>
      <dd>${countText(learner.openCampaigns)} open, at most ${countText(learner.openCampaignsMax)}</dd>
      ${
        modelChangedAtMs === null
          ? ''
          : html`<dt>Model</dt>
              <dd>answers turned out unlike before, ${ago(modelChangedAtMs, nowMs)}</dd>`
      }
      ${
        trials.length === 0
          ? ''
          : html`<dt>Waiting</dt>
              <dd>
                ${trials.map(
                  ({ variant, origin }, index) =>
                    html`${index === 0 ? '' : ', '}${cutText(variantName(variant.id, variant.edits))}
                      <span class="muted">(${origin})</span>`,
                )}
              </dd>`
      }
      ${rebaseFacts(learner.rebase)}
    </dl>
    ${alarms.map(
      ({ variantId, raisedAtMs, guard }) =>
        html`<p class="notice" data-tone="bad">
          Alarm for <a href="${variantHref(taskId, variantId)}" class="mono">${variantId}</a>
          ${guard === null ? '' : html`by ${cutText(guard)}`}, ${ago(raisedAtMs, nowMs)}
        </p>`,
    )}
    ${optimizerTable(learner.optimizers)}`;
}

function rebaseFacts(rebase: LearnerView['rebase']): Html | string {
  if (rebase === null || rebase === undefined) return '';
  return html`<dt>New prompt</dt>
    <dd>
      ${
        rebase.kind === 'pending'
          ? 'what was learned for the one before waits until it has settled'
          : html`${countText(rebase.campaignIds.length)} campaigns carry over what was learned;
            ${countText(rebase.contained)} edits it had no need of, ${countText(rebase.lost.length)} have no
            place in it`
      }
    </dd>`;
}

function optimizerTable(optimizers: LearnerView['optimizers']): Html | string {
  if (optimizers.length === 0) return '';
  return html`<div class="scroll">
    <table class="list">
      <caption>
        What came of the proposals
      </caption>
      <thead>
        <tr>
          <th scope="col">Optimizer</th>
          <th scope="col">Campaigns</th>
          <th scope="col" class="number">Cost</th>
        </tr>
      </thead>
      <tbody>
        ${optimizers.map(
          ({ name, isConfigured, campaigns, costUsd }) =>
            html`<tr>
              <td>
                ${cutText(name)} ${isConfigured ? '' : html`<span class="muted small">on its own</span>`}
              </td>
              <td>
                ${
                  Object.keys(campaigns).length === 0
                    ? html`<span class="muted">none</span>`
                    : Object.entries(campaigns).map(
                        ([state, count]) =>
                          html`<span class="tally">${countText(count)} ${campaignBadge(state)}</span> `,
                      )
                }
              </td>
              <td class="number">${moneyText(costUsd)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
