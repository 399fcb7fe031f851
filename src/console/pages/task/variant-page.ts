import { html } from 'hono/html';
import { baselineVariantId } from '../../../domain/variant.ts';
import { listBaselines, readCredit, readTask } from '../../api/tasks.ts';
import type { PromptDiff, VariantView } from '../../api/task.schema.ts';
import { diffVariants, listVariants, readVariant } from '../../api/variants.ts';
import type { TaskDetail } from '../../task-view.ts';
import { armBadge } from '../badge.ts';
import type { ConsolePage, Html, PageRequest } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { countText, nothing, percentText, valueText } from '../format.ts';
import { campaignHref, variantHref } from '../hrefs.ts';
import { variantName } from '../variant-name.ts';
import { pinForm } from './arm-table.ts';
import { promptWithEdits } from './prompt-card.ts';
import { taskCrumbs, taskHead } from './task-head.ts';

/** One variant: its prompt beside that of the agent or of another variant, its edits and campaigns. */
export const variantPage: ConsolePage = {
  path: '/console/tasks/:task/variants/:variant',
  show: async ({ params, query, ask, actor }) => {
    const { against = baselineVariantId } = query;
    const [task, variant, baselines, { credit }, variants] = await Promise.all([
      ask(readTask, { params }),
      ask(readVariant, { params }),
      ask(listBaselines, { params }),
      ask(readCredit, { params }),
      ask(listVariants, { params, query: { limit: '200' } }),
    ]);
    const prompt = await promptAgainst(against, variant, ask);
    const slots = baselines.items.find(({ version }) => version === variant.baselineVersion)?.slots ?? [];
    const isOperator = actor.role === 'operator';
    const { id: variantId, edits } = variant;
    return {
      title: variantName(variantId, edits),
      crumbs: [...taskCrumbs(task), { title: 'Variants', href: variantHref(task.id, '').slice(0, -1) }],
      live: task.id,
      body: html`${taskHead(task, '/variants', isOperator)}
        <section class="card" id="variant" data-refresh>${facts(task, variant, isOperator)}</section>
        <section class="card">
          <header>
            <h2>The prompt</h2>
            ${againstForm(variant, against, variants.items)}
          </header>
          ${promptWithEdits({ variantId, prompt, edits, slots, credit })}
        </section>`,
    };
  },
};

async function promptAgainst(
  against: string,
  { id, taskId, prompt }: VariantView & { readonly prompt: PromptDiff },
  ask: PageRequest['ask'],
): Promise<PromptDiff> {
  if (against === baselineVariantId) return prompt;
  return ask(diffVariants, { params: { task: taskId }, query: { from: against, to: id } });
}

function facts(task: TaskDetail, variant: VariantView, isOperator: boolean): Html {
  const { id, edits, status, parentId, campaignIds, baselineVersion } = variant;
  const arm = task.armDetails.find(({ variantId }) => variantId === id);
  return html`<header>
      <h2>${cutText(variantName(id, edits))}</h2>
      ${armBadge(status)}
      ${isOperator && arm !== undefined && task.pinnedId !== id ? html`<div class="actions">${pinForm(task, id)}</div>` : ''}
    </header>
    <dl class="facts">
      <dt>Id</dt>
      <dd class="mono">${id}</dd>
      <dt>Written for</dt>
      <dd>
        prompt version
        ${baselineVersion}${baselineVersion === task.baselineVersion ? ', the present one' : ''}
      </dd>
      ${
        parentId === null
          ? ''
          : html`<dt>Built upon</dt>
              <dd><a href="${variantHref(task.id, parentId)}">${parentId}</a></dd>`
      }
      ${
        arm === undefined
          ? ''
          : html`<dt>Traffic</dt>
              <dd>${percentText(arm.probability)}, at most ${percentText(arm.cap)}</dd>
              <dt>Reward</dt>
              <dd>
                ${valueText(arm.meanReward)}
                <span class="muted"
                  >${arm.low === null ? nothing : `${valueText(arm.low)} to ${valueText(arm.high)}`}, of
                  ${countText(arm.observations)} observations</span
                >
              </dd>`
      }
      <dt>Campaigns</dt>
      <dd>
        ${
          campaignIds.length === 0
            ? 'none'
            : campaignIds.map(
                (campaignId, index) =>
                  html`${index === 0 ? '' : ', '}<a href="${campaignHref(campaignId)}">${campaignId}</a>`,
              )
        }
      </dd>
    </dl>`;
}

/** Lets one choose what the prompt is compared with. */
function againstForm({ id, taskId }: VariantView, against: string, variants: readonly VariantView[]): Html {
  return html`<form class="filters compact actions" action="${variantHref(taskId, id)}">
    <label
      >Compared with
      <select name="against">
        ${variants
          .filter((other) => other.id !== id)
          .map(
            (other) =>
              html`<option value="${other.id}" ${other.id === against ? 'selected' : ''}>
                ${variantName(other.id, other.edits)} (${other.status})
              </option>`,
          )}
      </select></label
    >
    <button class="button">Compare</button>
  </form>`;
}
