import { html } from 'hono/html';
import type { SpendView } from '../../api/task.schema.ts';
import type { Html } from '../console-page.ts';
import { countText, moneyText } from '../format.ts';

/** Days of spend that are drawn. */
export const daysShown = 30;

const dayMs = 86_400_000;

/** Budgets of error, money and requests, and what is spent of them. */
export function budgetCard(spend: SpendView): Html {
  const { budget, today, total, errorBudget } = spend;
  const { alpha, block, tests, testsInBlock, promotionsInBlock, nextAlphaLevel } = errorBudget;
  return html`<h3>Error</h3>
    ${block === 'life' ? '' : meter(testsInBlock, block, 'Tests begun in this block')}
    <dl class="facts">
      <dt>Promise</dt>
      <dd>
        at most ${alpha} promotions without benefit expected
        ${block === 'life' ? 'for life' : `in each ${countText(block)} tests`}
      </dd>
      <dt>Tests</dt>
      <dd>
        ${block === 'life' ? countText(tests) : `${testsInBlock} of ${block} in this block, ${countText(tests)} in all`}
      </dd>
      <dt>Promotions</dt>
      <dd>${countText(promotionsInBlock)} ${block === 'life' ? 'in all' : 'in this block'}</dd>
      <dt>Next level</dt>
      <dd>α ${nextAlphaLevel.toPrecision(2)}</dd>
    </dl>
    <h3>Money</h3>
    ${meter(today.usd, budget.usdPerDay, 'Money spent today')}
    <dl class="facts">
      <dt>Today</dt>
      <dd>${moneyText(today.usd)} of ${moneyText(budget.usdPerDay)}</dd>
      <dt>Shadow requests</dt>
      <dd>${countText(today.shadowRequests)} today, ${countText(budget.shadowRequestsPerDay)} allowed</dd>
      <dt>Calls</dt>
      <dd>${countText(today.optimizerCalls)} of optimizers, ${countText(today.judgeCalls)} of judges</dd>
      <dt>In all</dt>
      <dd>${moneyText(total.usd)}, ${countText(total.optimizerTokens)} tokens of optimizers</dd>
    </dl>
    ${moneyByDay(spend)}`;
}

function meter(spent: number, budget: number, label: string): Html {
  const share = budget > 0 ? Math.min(1, spent / budget) : 1;
  return html`<svg
    class="bar-share"
    viewBox="0 0 100 8"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}: ${(share * 100).toFixed(0)} percent"
  >
    <rect class="track" width="100" height="8" rx="2"></rect>
    <rect
      class="fill"
      data-tone="${share >= 1 ? 'bad' : share > 0.8 ? 'watch' : 'good'}"
      width="${(share * 100).toFixed(1)}"
      height="8"
      rx="2"
    ></rect>
  </svg>`;
}

/** One bar a day, up to today, against the highest of them. */
function moneyByDay({ days, today }: SpendView): Html | string {
  const spent = new Map(days.map(({ day, usd }) => [day, usd]));
  const highest = Math.max(...spent.values(), 0);
  if (highest === 0) return '';
  const bars = Array.from({ length: daysShown }, (_, index) => today.day - daysShown + 1 + index);
  return html`<h3>Money by day</h3>
    <svg
      class="days"
      viewBox="0 0 ${daysShown * 10} 60"
      preserveAspectRatio="none"
      role="img"
      aria-label="Money by day, the last ${daysShown} days, at most ${moneyText(highest)}"
    >
      ${bars.map((day, index) => {
        const usd = spent.get(day) ?? 0;
        const height = Math.max(1, (usd / highest) * 58);
        return html`<rect
          class="${usd === 0 ? 'track' : 'fill'}"
          x="${index * 10 + 1}"
          y="${(60 - height).toFixed(1)}"
          width="8"
          height="${height.toFixed(1)}"
        >
          <title>${dateText(day)}: ${moneyText(usd)}</title>
        </rect>`;
      })}
    </svg>
    <p class="ends muted small"><span>${dateText(bars[0] ?? today.day)}</span><span>today</span></p>`;
}

function dateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
