import { html } from 'hono/html';
import { rollBackTo } from '../../../domain/plan-by-hand.ts';
import { planTag } from '../../api/etag.ts';
import type { PlanView } from '../../api/plan.schema.ts';
import { listPlans } from '../../api/plans.ts';
import type { VariantView } from '../../api/task.schema.ts';
import { readTask } from '../../api/tasks.ts';
import { listVariants } from '../../api/variants.ts';
import type { TaskDetail } from '../../task-view.ts';
import { armBadge, badge } from '../badge.ts';
import { confirmedAction } from '../confirmed-action.ts';
import type { ConsolePage, Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago, percentText } from '../format.ts';
import { taskHref, variantHref, withQuery } from '../hrefs.ts';
import { pager } from '../pager.ts';
import { variantName } from '../variant-name.ts';
import { planCause } from './plan-cause.ts';
import { taskCrumbs, taskHead } from './task-head.ts';

/** Plans of one page. */
const plansMax = '30';

/** What served, when and why, and the way back to it. */
export const plansPage: ConsolePage = {
  path: '/console/tasks/:task/plans',
  show: async ({ params, query, ask, actor, nowMs }) => {
    const task = await ask(readTask, { params });
    const { cursor } = query;
    const [plans, variants] = await Promise.all([
      ask(listPlans, { params, query: { limit: plansMax, ...(cursor && { cursor }) } }),
      ask(listVariants, { params, query: { limit: '200' } }),
    ]);
    const shown: Shown = {
      task,
      nameOf: namesOf(variants.items),
      isOperator: actor.role === 'operator',
      nowMs,
    };
    const { items, next } = plans;
    return {
      title: `Plans of ${task.name.slice(0, 60)}`,
      crumbs: taskCrumbs(task),
      live: task.id,
      body: html`${taskHead(task, '/plans', shown.isOperator)}
        <section class="card">
          <header>
            <h2>Serving plans, newest first</h2>
            <span class="muted">a rollback appends a plan; history stays</span>
          </header>
          <ol class="timeline" id="plans" data-refresh data-rows>
            ${items.map((plan) => planItem(plan, shown))}
          </ol>
        </section>
        ${next === null ? '' : pager('Older plans', withQuery(`${taskHref(task.id)}/plans`, { cursor: next }))}`,
    };
  },
};

interface Shown {
  readonly task: TaskDetail;
  /** Of a variant or a campaign, by its id. */
  readonly nameOf: (id: string) => string;
  readonly isOperator: boolean;
  readonly nowMs: number;
}

function namesOf(variants: readonly VariantView[]): (id: string) => string {
  const names = new Map<string, string>();
  for (const { id, edits, campaignIds } of variants)
    for (const known of [id, ...campaignIds]) names.set(known, variantName(id, edits));
  return (id) => names.get(id) ?? variantName(id);
}

function planItem(plan: PlanView, { task, nameOf, isOperator, nowMs }: Shown): Html {
  const { version, arms, cause, verdict, atMs, pinnedId, baselineVersion } = plan;
  return html`<li id="plan-${version}">
    <p class="line">
      <strong>Plan ${version}</strong>
      ${version === task.planVersion ? badge('serves now', 'good') : ''}
      ${baselineVersion === task.baselineVersion ? '' : badge(`prompt version ${baselineVersion}`, 'quiet')}
      <span class="muted small">${ago(atMs, nowMs)}</span>
    </p>
    <p class="line">${planCause(cause, nameOf)}</p>
    ${
      verdict === null || cause.kind === 'rolled-back'
        ? ''
        : html`<p class="muted small">The gate said ${verdict.kind}: ${cutText(verdict.reason, 200)}</p>`
    }
    <ul class="arms">
      ${arms.map(
        ({ variantId, status, cap }) =>
          html`<li>
            ${armBadge(status)}
            <a href="${variantHref(task.id, variantId)}" data-row>${cutText(nameOf(variantId))}</a>
            ${cap < 1 ? html`<span class="muted small">at most ${percentText(cap)}</span>` : ''}
            ${variantId === pinnedId ? badge('pinned', 'watch') : ''}
          </li>`,
      )}
    </ul>
    ${isOperator && isWayBack(plan, task, nowMs) ? rollBackForm(plan, task) : ''}
  </li>`;
}

/** Whether something would change, by the rule that the action itself follows. */
function isWayBack(plan: PlanView, { plan: present }: TaskDetail, atMs: number): boolean {
  return plan.version !== present.version && rollBackTo(present, plan, { by: '', atMs }).kind === 'changed';
}

function rollBackForm({ version }: PlanView, { id, planVersion }: TaskDetail): Html {
  return confirmedAction({
    label: 'Roll back to this',
    tone: 'danger',
    path: `${taskHref(id)}/roll-back`,
    back: `${taskHref(id)}/plans`,
    seen: planTag({ version: planVersion }),
    fields: { 'toVersion:number': String(version) },
    reason: 'optional',
    explanation: `A plan is appended that serves what plan ${version} served. Arms that it did not have are taken away: their conversations leave them at the next request, and their feedback stops counting.`,
  });
}
