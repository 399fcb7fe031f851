import { html } from 'hono/html';
import type { CampaignView } from '../../api/campaign.schema.ts';
import { listCampaigns } from '../../api/campaigns.ts';
import { badge, campaignBadge } from '../badge.ts';
import type { ConsolePage, Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago, countText, differenceText, nothing } from '../format.ts';
import { campaignHref, taskHref, withQuery } from '../hrefs.ts';
import { pager } from '../pager.ts';
import { tabs } from '../tabs.ts';
import { taskFilter } from '../task-filter.ts';
import { readTaskNames } from '../task-names.ts';
import { changeInWords } from './change-in-words.ts';
import { proposerText } from './proposer-text.ts';

const path = '/console/campaigns';

/** Proposals of all tasks: what is tested, what waits for a person, what came of the others. */
export const campaignListPage: ConsolePage = {
  path,
  show: async ({ ask, query: { state = '', task = '', cursor = '' }, nowMs }) => {
    const ofTask = task === '' ? {} : { task };
    const [names, page, waiting, some] = await Promise.all([
      readTaskNames(ask),
      ask(listCampaigns, {
        query: { ...ofTask, ...(state === '' ? {} : { state }), ...(cursor === '' ? {} : { cursor }) },
      }),
      ask(listCampaigns, { query: { ...ofTask, state: 'waiting', limit: '200' } }),
      ask(listCampaigns, { query: { limit: '1' } }),
    ]);
    const waitingIds = new Set(waiting.items.map(({ id }) => id));
    return {
      title: 'Campaigns',
      live: task === '' ? 'all' : task,
      body: html`<div class="head"><h1>Campaigns</h1></div>
        <p class="muted lead">
          Each is one proposed change of a prompt, on its way through the gate: screened, tested off the path
          of users, let serve a little, promoted.
        </p>
        <div id="campaigns" data-refresh>
          ${waitingNotice(waitingIds.size, { state, task })}
          <div class="toolbar">
            ${tabs(
              'Which campaigns',
              views.map((view) => ({
                title: view.title,
                href: withQuery(path, { state: view.state, task }),
                isHere: view.state === state,
                ...(view.state === 'waiting' ? { count: waitingIds.size } : {}),
              })),
            )}
            ${taskFilter({ path, names, task, keep: { state } })}
          </div>
          ${
            page.items.length === 0
              ? emptyList({ state, hasAny: some.items.length > 0, isFurther: cursor !== '' })
              : html`<section class="card">
                  ${campaignTable(page.items, { names, waitingIds, nowMs })}
                  ${
                    page.next === null
                      ? ''
                      : pager('Older campaigns', withQuery(path, { state, task, cursor: page.next }))
                  }
                </section>`
          }
        </div>`,
    };
  },
};

const views = [
  { state: '', title: 'All' },
  { state: 'open', title: 'Open' },
  { state: 'waiting', title: 'Waiting for you' },
  { state: 'ended', title: 'Ended' },
] as const;

function waitingNotice(
  count: number,
  { state, task }: { readonly state: string; readonly task: string },
): Html | string {
  if (count === 0 || state === 'waiting') return '';
  return html`<p class="notice" data-tone="watch">
    ${count === 1 ? 'One proposal has' : `${countText(count)} proposals have`} passed and
    ${count === 1 ? 'waits' : 'wait'} for a person’s yes.
    <a href="${withQuery(path, { state: 'waiting', task })}">Decide</a>
  </p>`;
}

/** What the rows of campaigns are told with. */
interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly waitingIds: ReadonlySet<string>;
  readonly nowMs: number;
}

function campaignTable(items: readonly CampaignView[], known: Known): Html {
  return html`<div class="scroll">
    <table class="list" data-rows>
      <caption class="visually-hidden">
        Campaigns, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Change</th>
          <th scope="col">State</th>
          <th scope="col" class="number" title="Mean of candidate minus incumbent, so far">Effect</th>
          <th scope="col" class="number">Pairs</th>
          <th scope="col">Task</th>
          <th scope="col">Proposed by</th>
          <th scope="col" class="number">Age</th>
        </tr>
      </thead>
      <tbody>
        ${items.map((campaign) => campaignRow(campaign, known))}
      </tbody>
    </table>
  </div>`;
}

function campaignRow(campaign: CampaignView, { names, waitingIds, nowMs }: Known): Html {
  const { id, state, taskId, optimizer, edits, verdict, proposedAtMs } = campaign;
  const difference = verdict?.evidence.meanDifference ?? null;
  const isWaiting = waitingIds.has(id);
  return html`<tr ${isWaiting ? html`data-tone="watch"` : ''}>
    <td class="wide"><a href="${campaignHref(id)}" data-row>${changeInWords(edits)}</a></td>
    <td>${campaignBadge(state)} ${isWaiting ? badge('waits for you', 'watch') : ''}</td>
    <td class="number ${toneOf(difference)}">
      ${difference === null ? nothing : differenceText(difference)}
    </td>
    <td class="number">${verdict === null ? nothing : countText(verdict.evidence.pairs)}</td>
    <td><a class="plain" href="${taskHref(taskId)}">${cutText(names.get(taskId) ?? taskId, 32)}</a></td>
    <td>${proposerText(optimizer)}</td>
    <td class="number">${ago(proposedAtMs, nowMs)}</td>
  </tr>`;
}

/** Differences that vanish in rounding are neither good nor bad. */
function toneOf(difference: number | null): string {
  if (difference === null || Math.abs(difference) < 0.005) return '';
  return difference < 0 ? 'down' : 'up';
}

function emptyList({
  state,
  hasAny,
  isFurther,
}: {
  readonly state: string;
  readonly hasAny: boolean;
  readonly isFurther: boolean;
}): Html {
  if (!hasAny)
    return html`<section class="empty">
      <h2>Nothing has been proposed yet</h2>
      <p>
        The learner proposes a change once a task has recorded requests with feedback and a learning key is
        set. <code>ratchet doctor --task TASK</code> says what is still missing, and how long a proof would
        take with your traffic.
      </p>
      <p>You can propose a change yourself on the page of a <a href="/console">task</a>.</p>
    </section>`;
  return html`<section class="empty">
    <h2>
      ${isFurther ? 'No older campaigns' : state === 'waiting' ? 'Nothing waits for you' : 'No such campaigns'}
    </h2>
    <p>
      ${
        state === 'waiting'
          ? html`Proposals wait here where a task says <code>gate: {approve: manual}</code>; elsewhere the
              gate goes on by itself.`
          : 'There are others in another state, or of another task.'
      }
    </p>
    <p><a class="button" href="${path}">All campaigns</a></p>
  </section>`;
}
