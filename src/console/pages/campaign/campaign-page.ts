import { html } from 'hono/html';
import { isOpen } from '../../../domain/campaign.ts';
import type { CampaignView, PathPoint } from '../../api/campaign.schema.ts';
import { readCampaign, readEvidence, readPath } from '../../api/campaigns.ts';
import type { Evidence } from '../../api/evidence.ts';
import { readTask } from '../../api/tasks.ts';
import { diffVariants, readVariant } from '../../api/variants.ts';
import { badge, campaignBadge } from '../badge.ts';
import { card } from '../card.ts';
import type { ConsolePage, Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { figure } from '../figure.ts';
import { ago, countText, differenceText, nothing, percentText } from '../format.ts';
import { campaignHref, taskHref, withQuery } from '../hrefs.ts';
import { orNull } from '../or-null.ts';
import { campaignOrders } from './campaign-orders.ts';
import { campaignOrigin } from './campaign-origin.ts';
import { campaignTimeline } from './campaign-timeline.ts';
import { changeCard } from './change-card.ts';
import { changeInWords } from './change-in-words.ts';
import { proposerText } from './proposer-text.ts';
import { eText, wayTo } from './e-value.ts';
import { effects } from './effects.ts';
import { agreementOf, evidenceBars } from './evidence-bars.ts';
import { pathChart } from './path-chart.ts';
import { screeningChecks } from './screening-checks.ts';
import { servingCard } from './serving-card.ts';
import { judgeFacts, testFacts } from './test-facts.ts';

/** One proposal: what it changes and why, how it fares, how close it is to a verdict, and a person's word on it. */
export const campaignPage: ConsolePage = {
  path: '/console/campaigns/:campaign',
  show: async ({ ask, params, actor, nowMs }) => {
    const campaign = await ask(readCampaign, { params: { campaign: params['campaign'] ?? '' } });
    const { id, taskId, variantId, parentId, edits } = campaign;
    const [task, evidence, { points }, variant, fromParent] = await Promise.all([
      ask(readTask, { params: { task: taskId } }),
      ask(readEvidence, { params: { campaign: id } }),
      ask(readPath, { params: { campaign: id } }),
      orNull(ask(readVariant, { params: { task: taskId, variant: variantId } })),
      parentId === 'baseline'
        ? null
        : orNull(ask(diffVariants, { params: { task: taskId }, query: { from: parentId, to: variantId } })),
    ]);
    const judge = campaign.verdict?.evidence.judge;
    return {
      title: edits[0]?.intent || 'A campaign',
      crumbs: [
        { title: 'Campaigns', href: '/console/campaigns' },
        { title: task.name.slice(0, 60), href: withQuery('/console/campaigns', { task: taskId }) },
      ],
      live: taskId,
      body: html`<div id="campaign-head" data-refresh>
          ${head(campaign, { taskName: task.name, nowMs, isManual: task.config.gate.approve === 'manual' })}
          ${figures(campaign, evidence)}
        </div>
        <div id="campaign-orders">
          ${campaignOrders(campaign, actor, task.config.gate.approve === 'manual')}
        </div>
        ${changeCard({ edits, fromParent, fromOwn: variant?.prompt ?? null })}
        <div id="campaign-evidence" data-refresh>${evidenceCard(campaign, evidence, points)}</div>
        <div class="columns" id="campaign-more" data-refresh>
          <div>
            ${card('effect', 'Effect', effects(evidence))}
            ${card('screening', 'Screening', screeningChecks(campaign.screening))}
          </div>
          <div>
            ${card('history', 'What happened', campaignTimeline(campaign, nowMs))}
            ${servingCard(campaign, task, nowMs)}
            ${card('origin', 'Why there is this proposal', campaignOrigin(campaign, nowMs))}
            ${card('terms', 'What the test asks for', testFacts(campaign))}
            ${judge === undefined ? '' : card('judge', 'The judge', judgeFacts(judge))}
          </div>
        </div>`,
    };
  },
};

function head(
  { edits, state, taskId, id, optimizer, proposedAtMs, isAwaitingApproval, verdict, history }: CampaignView,
  {
    taskName,
    nowMs,
    isManual,
  }: { readonly taskName: string; readonly nowMs: number; readonly isManual: boolean },
): Html {
  const last = history.at(-1)?.reason;
  return html`<div class="head">
      <h1>${changeInWords(edits)}</h1>
      ${campaignBadge(state)} ${isAwaitingApproval && isManual ? badge('waits for you', 'watch') : ''}
    </div>
    <p class="lead muted">
      Proposed ${ago(proposedAtMs, nowMs)} by ${proposerText(optimizer)} for
      <a href="${taskHref(taskId)}">${cutText(taskName, 60)}</a> ·
      <a href="${campaignHref(id)}"><code>${id}</code></a>
    </p>
    ${
      last === undefined && verdict === null
        ? ''
        : html`<p class="notice" data-tone="${noticeTones[state] ?? 'info'}">
            ${cutText((isOpen(state) ? verdict?.reason : last) ?? last ?? '', 400)}
          </p>`
    }`;
}

const noticeTones: Partial<Readonly<Record<CampaignView['state'], string>>> = {
  rejected: 'bad',
  'rolled-back': 'bad',
  inconclusive: 'quiet',
};

function figures({ verdict, alphaLevel }: CampaignView, { effect, lines }: Evidence): Html {
  const ways = lines
    .filter((line) => line.effect === 'promote')
    .map(({ logE, logThreshold }) => wayTo(logE, logThreshold))
    .filter((way) => way !== null);
  const pairs = verdict?.evidence.pairs ?? effect?.pairs ?? 0;
  return html`<dl class="stats">
    ${figure('Effect on the score', effect === null ? nothing : differenceText(effect.mean), effect === null ? 'not measured yet' : `between ${differenceText(effect.low)} and ${differenceText(effect.high)}`)}
    ${figure('Pairs of answers', countText(pairs), 'to the same requests')}
    ${figure('On the way to promotion', alphaLevel === null || ways.length === 0 ? nothing : percentText(Math.min(...ways)), alphaLevel === null ? 'the test has not begun' : 'of the evidence that it takes')}
    ${figure('Chance of error', alphaLevel === null ? nothing : alphaLevel.toPrecision(2), alphaLevel === null ? 'is fixed when the test starts' : `so promotion takes E ${eText(-Math.log(alphaLevel))}`)}
  </dl>`;
}

function evidenceCard(
  { terms, alphaLevel, verdict }: CampaignView,
  evidence: Evidence,
  points: readonly PathPoint[],
): Html {
  const barOf = (name: string): number | undefined =>
    evidence.lines.find((line) => line.name === name)?.logThreshold;
  const [harm, futility] = [barOf('harm'), barOf('futility')];
  const body =
    alphaLevel === null && verdict === null
      ? html`<p class="muted">
          The test has not begun: a proposal is screened first. Then candidate and incumbent answer the same
          fresh requests, off the path of users, and the evidence is drawn here.
        </p>`
      : html`${
          points.length === 0
            ? html`<p class="muted">The gate has not looked at the evidence yet.</p>`
            : terms?.mode === 'equivalence' || harm === undefined || futility === undefined
              ? html`<p class="muted">
                  It has to be no worse and gain elsewhere; where each part of that stands is told by its bar.
                </p>`
              : pathChart(points, { harm, futility })
        }
        ${evidenceBars(evidence.lines)} ${agreementOf(evidence)}`;
  return card('evidence', 'How close it is to a verdict', body);
}
