import { html } from 'hono/html';
import { baselineVariantId } from '../../../domain/variant.ts';
import type { DecisionDetail } from '../../api/decision.schema.ts';
import { readDecision } from '../../api/decisions.ts';
import { readTask } from '../../api/tasks.ts';
import { readVariant } from '../../api/variants.ts';
import { decisionIdOf } from '../../decision-id-of.ts';
import { badge } from '../badge.ts';
import { card } from '../card.ts';
import type { ConsolePage, Html } from '../console-page.ts';
import { cutText, longText } from '../cut-text.ts';
import { figure } from '../figure.ts';
import {
  countText,
  durationText,
  momentText,
  moneyText,
  nothing,
  percentText,
  valueText,
} from '../format.ts';
import { taskHref, variantHref, withQuery } from '../hrefs.ts';
import { orNull } from '../or-null.ts';
import { promptDiff } from '../prompt-diff.ts';
import { readVariantNames } from '../variant-names.ts';
import { conversation } from './conversation.ts';
import { attributionBadge, statusBadge } from './decision-marks.ts';
import { feedbackTable } from './feedback-table.ts';
import { forgetOrders } from './forget-orders.ts';
import { shadowRuns } from './shadow-runs.ts';
import { waterfall } from './waterfall.ts';

/** One request: what served it and why, what was said, what came of it. */
export const decisionPage: ConsolePage = {
  path: '/console/decisions/:decision',
  show: async ({ ask, params, actor, nowMs }) => {
    const decision = await ask(readDecision, {
      params: { decision: decisionIdOf(params['decision'] ?? '') },
    });
    const { taskId, variantId, decisionId, content } = decision;
    const [task, variant, named] = await Promise.all([
      orNull(ask(readTask, { params: { task: taskId } })),
      orNull(ask(readVariant, { params: { task: taskId, variant: variantId } })),
      readVariantNames(ask, [taskId]),
    ]);
    const nameOf = (id: string): Html => html`<bdi>${named(taskId, id)}</bdi>`;
    return {
      title: `Decision ${decisionId.slice(0, 40)}`,
      crumbs: [
        { title: 'Decisions', href: '/console/decisions' },
        {
          title: (task?.name ?? taskId).slice(0, 60),
          href: withQuery('/console/decisions', { task: taskId }),
        },
      ],
      body: html`${head(decision)} ${figures(decision)} ${card('trace', 'Trace', waterfall(decision, nameOf))}
        <div class="columns">
          <div>
            ${card('conversation', 'What was said', content === null ? noText : conversation(content.request, content.completion))}
          </div>
          <div>
            ${card(
              'prompt',
              'What the variant changed in the prompt',
              variantId === baselineVariantId
                ? html`<p class="muted">Nothing: the agent’s own prompt served.</p>`
                : variant === null
                  ? html`<p class="muted">The variant is not known any more.</p>`
                  : promptDiff(variant.prompt),
            )}
            ${content === null || Object.keys(content.slots).length === 0 ? '' : card('slots', 'Slots', slots(content.slots))}
            ${card('feedback', 'Feedback', feedbackTable(decision.feedback, nowMs))}
            ${card('ids', 'Known by', ids(decision, task?.name ?? null))}
          </div>
        </div>
        ${card(
          'shadow',
          'What variants answered, off the path of users',
          shadowRuns(decision.shadowRuns, { graders: task?.config.graders ?? [], nameOf, nowMs }),
        )}
        ${forgetOrders(decision, actor)}`,
    };
  },
};

function head({ decisionId, status, attribution, atMs, model, hasText }: DecisionDetail): Html {
  return html`<div class="head">
      <h1>Decision <code>${cutText(decisionId, 60)}</code></h1>
      ${statusBadge(status)} ${attributionBadge(attribution)} ${hasText ? '' : badge('no text kept', 'quiet')}
    </div>
    <p class="lead muted">${momentText(atMs)} · ${cutText(model, 60)}</p>`;
}

function figures(decision: DecisionDetail): Html {
  const { reward, isOwnReward, propensity, planVersion, latencyMs, firstByteMs, usage, costUsd } = decision;
  return html`<dl class="stats">
    ${figure('Reward', valueText(reward), reward === null ? 'no feedback yet' : isOwnReward ? 'its own' : 'of its episode')}
    ${figure('Propensity', percentText(propensity), `of the variant, by plan ${planVersion}`)}
    ${figure('Latency', durationText(latencyMs), firstByteMs === null ? 'no first byte recorded' : `first byte after ${durationText(firstByteMs)}`)}
    ${figure('Tokens', usage === null ? nothing : `${countText(usage.inputTokens)} → ${countText(usage.outputTokens)}`, usage === null ? 'not told' : decision.isUsageEstimated ? 'estimated' : 'in and out')}
    ${figure('Cost', costUsd === null ? nothing : moneyText(costUsd), costUsd === null ? 'no price is known' : 'by the list of prices')}
  </dl>`;
}

const noText: Html = html`<p class="muted">
  The texts of this request are not kept: recording was set to metadata, their retention has ended, or they
  were forgotten.
</p>`;

function slots(values: Readonly<Record<string, string>>): Html {
  return html`<dl class="facts">
    ${Object.entries(values).map(
      ([name, value]) =>
        html`<dt><code>${cutText(name, 40)}</code></dt>
          <dd>${value.length > 200 ? longText(value) : html`<bdi>${value}</bdi>`}</dd>`,
    )}
  </dl>`;
}

function search(query: Readonly<Record<string, string>>, text: string): Html {
  return html`<a href="${withQuery('/console/decisions', query)}"><code>${cutText(text, 60)}</code></a>`;
}

function ids(decision: DecisionDetail, taskName: string | null): Html {
  const { taskId, variantId, episodeId, completionId, scope, traceId, segment, inputHash } = decision;
  return html`<dl class="facts">
    <dt>Task</dt>
    <dd><a href="${taskHref(taskId)}">${cutText(taskName ?? taskId, 60)}</a></dd>
    <dt>Variant</dt>
    <dd>
      <a href="${variantHref(taskId, variantId)}"><code>${cutText(variantId, 60)}</code></a>
    </dd>
    <dt>Episode</dt>
    <dd>${search({ episode: episodeId }, episodeId)}</dd>
    <dt>Completion</dt>
    <dd>${completionId === null ? nothing : search({ completion: completionId }, completionId)}</dd>
    <dt>Segment</dt>
    <dd>${segment === null ? nothing : search({ segment, task: taskId }, segment)}</dd>
    <dt>Came with</dt>
    <dd>${search({ scope }, scope)}</dd>
    <dt>Trace id</dt>
    <dd>${traceId === null ? nothing : html`<code>${cutText(traceId, 60)}</code>`}</dd>
    <dt>Hash of the input</dt>
    <dd><code>${cutText(inputHash, 60)}</code></dd>
  </dl>`;
}
