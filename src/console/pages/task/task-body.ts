import { html } from 'hono/html';
import type { CreditReport } from '../../../domain/credit-report.ts';
import type { WatchEvent } from '../../../domain/gate-state.ts';
import { baselineVariantId } from '../../../domain/variant.ts';
import type { CampaignView } from '../../api/campaign.schema.ts';
import type { LearnerView } from '../../api/learner.schema.ts';
import type { SeriesView } from '../../api/series.schema.ts';
import type { PromptDiff, SpendView, VariantView } from '../../api/task.schema.ts';
import type { TaskDetail } from '../../task-view.ts';
import type { Html, PageRequest } from '../console-page.ts';
import { withQuery } from '../hrefs.ts';
import { variantName } from '../variant-name.ts';
import { armTable } from './arm-table.ts';
import { budgetCard } from './budget-card.ts';
import { campaignHistory } from './campaign-history.ts';
import { chartFigure } from './chart-figure.ts';
import { learnerCard } from './learner-card.ts';
import { promptWithEdits } from './prompt-card.ts';
import { rewardChart, shareChart } from './series-charts.ts';
import { settings } from './settings.ts';
import { taskHead } from './task-head.ts';
import { taskStats } from './task-stats.ts';
import { watchList } from './watch-list.ts';

/** All that the page of a task shows. */
export interface TaskKnowledge {
  readonly task: TaskDetail;
  readonly series: SeriesView;
  readonly incumbent: VariantView & { readonly prompt: PromptDiff };
  /** Names of the slots of the present baseline. */
  readonly slots: readonly string[];
  readonly credit: CreditReport | null;
  readonly spend: SpendView;
  readonly learner: LearnerView;
  readonly events: readonly WatchEvent[];
  readonly campaigns: readonly CampaignView[];
  readonly variants: readonly VariantView[];
}

/** The page of a task: first whether it is better, then what serves, then what is being tried. */
export function taskBody(known: TaskKnowledge, { actor, nowMs }: PageRequest): Html {
  const { task, spend, series, variants } = known;
  const isOperator = actor.role === 'operator';
  const edits = new Map(variants.map((variant) => [variant.id, variant.edits]));
  const nameOf = (variantId: string): string => variantName(variantId, edits.get(variantId));
  const names = { incumbentId: task.incumbentId, nameOf };
  const when = series.isCut ? 'the newest 5,000 conversations' : 'all that is stored';
  return html`<div id="head" data-refresh>${taskHead(task, '', isOperator)}</div>
    <div id="stats" data-refresh>${taskStats(task, spend)}</div>
    ${
      series.total.some(({ rewarded }) => rewarded > 0)
        ? chartFigure('reward', rewardChart(series, names), `${when}; bands are 95 %; dashed: plans`)
        : noRewards
    }
    ${promptSection(known)}
    <section class="card">
      <h2>Arms</h2>
      <div id="arms" data-refresh>${armTable(task, isOperator)}</div>
    </section>
    ${series.bins.length > 1 && series.total.length > 1 ? chartFigure('share', shareChart(series, names), 'of new conversations') : ''}
    ${background(known, nameOf, nowMs)} ${settings(task)}`;
}

function promptSection({ task, incumbent, slots, credit }: TaskKnowledge): Html {
  const isOwn = task.incumbentId === baselineVariantId;
  return html`<section class="card">
    <header>
      <h2>${isOwn ? 'The prompt: the agent’s own, unchanged' : 'The prompt as it serves now'}</h2>
      <span class="muted"
        >${isOwn ? 'nothing has been promoted' : 'marked: what differs from the agent’s own'}</span
      >
    </header>
    <div id="prompt" data-refresh>
      ${promptWithEdits({
        variantId: task.incumbentId,
        prompt: incumbent.prompt,
        edits: incumbent.edits,
        slots,
        credit,
      })}
    </div>
  </section>`;
}

function background(
  { task, campaigns, spend, learner, events }: TaskKnowledge,
  nameOf: (variantId: string) => string,
  nowMs: number,
): Html {
  return html`<div class="columns">
    <div>
      <section class="card">
        <header>
          <h2>Campaigns</h2>
          <a class="muted" href="${withQuery('/console/campaigns', { task: task.id })}">all of them</a>
        </header>
        <div id="campaigns" data-refresh>${campaignHistory(campaigns, nowMs)}</div>
      </section>
      <section class="card">
        <h2>What the watch has seen</h2>
        <div id="watch" data-refresh>${watchList(task.id, events, nameOf, nowMs)}</div>
      </section>
    </div>
    <div>
      <section class="card">
        <h2>Budgets</h2>
        <div id="budgets" data-refresh>${budgetCard(spend)}</div>
      </section>
      <section class="card">
        <h2>Learning</h2>
        <div id="learner" data-refresh>${learnerCard(task.id, learner, nowMs)}</div>
      </section>
    </div>
  </div>`;
}

const noRewards: Html = html`<section class="empty">
  <h2>No feedback yet</h2>
  <p>
    Post a score for each answer to <code>/v1/feedback</code>, by the <code>x-ratchet-decision</code> of its
    response. The picture of the reward begins with the first one.
  </p>
</section>`;
