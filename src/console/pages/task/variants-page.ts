import { html } from 'hono/html';
import { listCampaigns } from '../../api/campaigns.ts';
import { readTask } from '../../api/tasks.ts';
import type { VariantView } from '../../api/task.schema.ts';
import { listVariants } from '../../api/variants.ts';
import { armBadge, campaignBadge } from '../badge.ts';
import { changeInWords } from '../campaign/change-in-words.ts';
import type { ConsolePage, Html } from '../console-page.ts';
import { percentText } from '../format.ts';
import { taskHref, variantHref, withQuery } from '../hrefs.ts';
import { pager } from '../pager.ts';
import { taskCrumbs, taskHead } from './task-head.ts';
import { variantTree, type VariantNode } from './variant-tree.ts';

/** Every variant that was ever proposed, each below the one that it was built upon. */
export const variantsPage: ConsolePage = {
  path: '/console/tasks/:task/variants',
  show: async ({ params, query, ask, actor }) => {
    const { cursor } = query;
    const [task, { items, next }, campaigns] = await Promise.all([
      ask(readTask, { params }),
      ask(listVariants, { params, query: { limit: '200', ...(cursor && { cursor }) } }),
      ask(listCampaigns, { query: { task: params['task'] ?? '', limit: '200' } }),
    ]);
    const known: Known = {
      states: new Map(campaigns.items.map(({ id, state }) => [id, state])),
      baselineVersion: task.baselineVersion,
    };
    return {
      title: `Variants of ${task.name.slice(0, 60)}`,
      crumbs: taskCrumbs(task),
      live: task.id,
      body: html`${taskHead(task, '/variants', actor.role === 'operator')}
        <section class="card">
          <header>
            <h2>Variants</h2>
            <span class="muted">each below the one that it was built upon</span>
          </header>
          <div id="variants" data-refresh data-rows>${nodeList(variantTree(items), known)}</div>
          ${
            items.length === 1 && cursor === undefined
              ? html`<p class="muted">
                  Nothing has been proposed yet: the agent’s own prompt is the only variant.
                </p>`
              : ''
          }
        </section>
        ${next === null ? '' : pager('More variants', withQuery(`${taskHref(task.id)}/variants`, { cursor: next }))}`,
    };
  },
};

interface Known {
  /** States of campaigns by their ids. */
  readonly states: ReadonlyMap<string, string>;
  /** The present one. */
  readonly baselineVersion: number;
}

function nodeList(nodes: readonly VariantNode[], known: Known): Html {
  return html`<ul class="tree">
    ${nodes.map(
      ({ variant, children }) =>
        html`<li>
          ${variantLine(variant, known)} ${children.length === 0 ? '' : nodeList(children, known)}
        </li>`,
    )}
  </ul>`;
}

function variantLine(variant: VariantView, known: Known): Html {
  const { id, taskId, edits, status, probability, campaignIds, baselineVersion } = variant;
  const facts = [
    ...(probability > 0 ? [`${percentText(probability)} of traffic`] : []),
    ...(edits.length === 0 ? [] : [`${edits.length} ${edits.length === 1 ? 'edit' : 'edits'}`]),
    ...(campaignIds.length > 1 ? [`${campaignIds.length} campaigns`] : []),
    ...(baselineVersion === known.baselineVersion ? [] : [`for prompt version ${baselineVersion}`]),
  ];
  // Where it never served, how its newest campaign stands tells more.
  const state = status === 'proposed' ? known.states.get(campaignIds.at(-1) ?? '') : undefined;
  return html`<p class="line">
    <a href="${variantHref(taskId, id)}" data-row
      >${edits.length === 0 ? 'own prompt' : changeInWords(edits)}</a
    >
    ${state === undefined ? armBadge(status) : campaignBadge(state)}
    <span class="muted small">${facts.join(', ')}</span>
  </p>`;
}
