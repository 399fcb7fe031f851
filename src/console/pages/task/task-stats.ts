import { html } from 'hono/html';
import { baselineVariantId } from '../../../domain/variant.ts';
import type { SpendView } from '../../api/task.schema.ts';
import type { TaskDetail } from '../../task-view.ts';
import type { Html } from '../console-page.ts';
import { countText, differenceText, moneyText, nothing, percentText, valueText } from '../format.ts';
import { intervalMark } from './interval-mark.ts';

/** A task in a few figures. */
export function taskStats(task: TaskDetail, spend: SpendView): Html {
  const { usdPerDay } = spend.budget;
  return html`<dl class="stats">
    <div>
      <dt>Value now</dt>
      <dd>
        ${valueText(task.value.incumbent)} ${valueMark(task)}
        <small>${comparedWithOwn(task)}</small>
      </dd>
    </div>
    <div>
      <dt>Feedback</dt>
      <dd>${countText(task.feedbacks)}<small>values that moved the bandit</small></dd>
    </div>
    <div>
      <dt>Open campaigns</dt>
      <dd>
        ${countText(task.openCampaigns)}<small
          >${task.arms === 1 ? 'one arm serves' : `${task.arms} arms serve`}</small
        >
      </dd>
    </div>
    <div>
      <dt>Money today</dt>
      <dd>
        ${moneyText(spend.today.usd)}<small
          >of
          ${moneyText(usdPerDay)}${usdPerDay > 0 ? `, ${percentText(spend.today.usd / usdPerDay)}` : ''}</small
        >
      </dd>
    </div>
    <div>
      <dt>Error budget left</dt>
      ${errorBudgetLeft(spend.errorBudget)}
    </div>
  </dl>`;
}

/** The incumbent's interval above the baseline's. */
export function valueMark({ armDetails, incumbentId }: Pick<TaskDetail, 'armDetails' | 'incumbentId'>): Html {
  const intervalOf = (variantId: string): Parameters<typeof intervalMark>[0] => {
    const arm = armDetails.find((one) => one.variantId === variantId);
    return { mean: arm?.meanReward ?? null, low: arm?.low ?? null, high: arm?.high ?? null };
  };
  const now = intervalOf(incumbentId);
  const own = intervalOf(baselineVariantId);
  const said = ({ mean, low, high }: typeof now): string =>
    mean === null ? 'unknown' : `${valueText(mean)} (${valueText(low)} to ${valueText(high)})`;
  return incumbentId === baselineVariantId
    ? intervalMark(own, null, `The agent’s own prompt ${said(own)}`)
    : intervalMark(now, own, `Now ${said(now)}; the agent’s own prompt ${said(own)}`);
}

/** How what serves compares with the agent's own prompt, in words. */
export function comparedWithOwn({ incumbentId, value }: Pick<TaskDetail, 'incumbentId' | 'value'>): Html {
  if (incumbentId === baselineVariantId) return html`the agent’s own prompt serves`;
  if (value.incumbent === null || value.baseline === null)
    return html`own prompt ${valueText(value.baseline)}`;
  const difference = value.incumbent - value.baseline;
  return html`<span class="${difference < 0 ? 'down' : 'up'}">${differenceText(difference)}</span> against own
    prompt, ${valueText(value.baseline)}`;
}

function errorBudgetLeft({ block, testsInBlock, nextAlphaLevel }: SpendView['errorBudget']): Html {
  const next = `the next one at α ${nextAlphaLevel.toPrecision(2)}`;
  return block === 'life'
    ? html`<dd>${nothing}<small>one budget for life, ${countText(testsInBlock)} tests; ${next}</small></dd>`
    : html`<dd>
        ${countText(Math.max(0, block - testsInBlock))} of ${countText(block)}<small
          >tests left in this block, ${next}</small
        >
      </dd>`;
}
