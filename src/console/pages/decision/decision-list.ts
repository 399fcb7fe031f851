import { html } from 'hono/html';
import { RatchetError } from '../../../domain/ratchet-error.ts';
import type { DecisionView } from '../../api/decision.schema.ts';
import { searchDecisions } from '../../api/decisions.ts';
import type { Page } from '../../api/page.ts';
import { decisionIdOf } from '../../decision-id-of.ts';
import { badge } from '../badge.ts';
import type { Ask, ConsolePage, Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago, durationText, nothing, percentText, shortId, valueText } from '../format.ts';
import { decisionHref, taskHref, variantHref, withQuery } from '../hrefs.ts';
import { pager } from '../pager.ts';
import { readTaskNames } from '../task-names.ts';
import { readVariantNames } from '../variant-names.ts';
import { attributionBadge, statusBadge } from './decision-marks.ts';
import { decisionFields, searchForm, type DecisionSearch } from './search-form.ts';

const path = '/console/decisions';

/** Recorded requests, by whatever is known of them. */
export const decisionListPage: ConsolePage = {
  path,
  show: async ({ ask, query, nowMs, origin }) => {
    const search: DecisionSearch = Object.fromEntries(
      decisionFields.map((name) => [name, (query[name] ?? '').trim()]),
    );
    const isSearch = Object.values(search).some((value) => value !== '');
    const [names, found] = await Promise.all([
      readTaskNames(ask),
      readPart(ask, { ...search, id: decisionIdOf(search['id'] ?? ''), cursor: query['cursor'] ?? '' }),
    ]);
    const nameOf = await readVariantNames(ask, found.page?.items.map(({ taskId }) => taskId) ?? []);
    return {
      title: 'Decisions',
      body: html`<div class="head"><h1>Decisions</h1></div>
        <p class="lead muted">
          Each is one request: which variant served it, with what probability, what came of it.
        </p>
        <section class="card" aria-label="Search decisions">${searchForm(path, search, names)}</section>
        ${
          found.fault === null
            ? results(found.page, { names, nameOf, search, isSearch, nowMs, origin })
            : html`<p class="notice" data-tone="bad" role="alert">${found.fault}</p>`
        }`,
    };
  },
};

type Part =
  | { readonly page: Page<DecisionView>; readonly fault: null }
  | { readonly page: null; readonly fault: string };

/** What cannot be searched for is said beside the form, which keeps what was typed. */
async function readPart(ask: Ask, fields: Readonly<Record<string, string>>): Promise<Part> {
  const query = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  try {
    return { page: await ask(searchDecisions, { query }), fault: null };
  } catch (error) {
    if (error instanceof RatchetError && error.code === 'invalid_request')
      return { page: null, fault: error.message };
    throw error;
  }
}

/** What results are told with. */
interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly nameOf: (taskId: string, variantId: string) => string;
  readonly search: DecisionSearch;
  readonly isSearch: boolean;
  readonly nowMs: number;
  readonly origin: string;
}

function results({ items, next }: Page<DecisionView>, known: Known): Html {
  const older =
    next === null ? '' : pager('Older decisions', withQuery(path, { ...known.search, cursor: next }));
  if (items.length === 0) return html`${noResults(known, next !== null)}${older}`;
  return html`<section class="card">
    <div class="scroll">
      <table class="list" data-rows>
        <caption class="visually-hidden">
          Decisions, newest first
        </caption>
        <thead>
          <tr>
            <th scope="col">Decision</th>
            <th scope="col">When</th>
            <th scope="col">Variant</th>
            <th scope="col" class="number" title="Probability with which the variant was drawn">
              Propensity
            </th>
            <th scope="col">Status</th>
            <th scope="col" class="number">Latency</th>
            <th scope="col" class="number">Reward</th>
            <th scope="col">Task</th>
            <th scope="col">Segment</th>
          </tr>
        </thead>
        <tbody>
          ${items.map((decision) => row(decision, known))}
        </tbody>
      </table>
    </div>
    ${older}
  </section>`;
}

function row(decision: DecisionView, { names, nameOf, nowMs }: Known): Html {
  const { decisionId, atMs, taskId, variantId, propensity, status, latencyMs, reward, segment } = decision;
  return html`<tr>
    <td>
      <a href="${decisionHref(decisionId)}" data-row><code>${shortId(decisionId)}</code></a>
    </td>
    <td>${ago(atMs, nowMs)}</td>
    <td>
      <a class="plain" href="${variantHref(taskId, variantId)}">${cutText(nameOf(taskId, variantId), 40)}</a>
      ${decision.attribution === 'drawn' ? '' : attributionBadge(decision.attribution)}
    </td>
    <td class="number">${percentText(propensity)}</td>
    <td>${statusBadge(status)}</td>
    <td class="number">${durationText(latencyMs)}</td>
    <td class="number">${valueText(reward)}</td>
    <td><a class="plain" href="${taskHref(taskId)}">${cutText(names.get(taskId) ?? taskId, 28)}</a></td>
    <td>${segment === null ? nothing : cutText(segment, 28)}</td>
  </tr>`;
}

function noResults({ isSearch, origin }: Known, hasMore: boolean): Html {
  if (hasMore)
    return html`<section class="empty">
      <h2>Nothing among the newest</h2>
      <p>How far one look reaches is bounded. Older decisions may match.</p>
    </section>`;
  if (isSearch)
    return html`<section class="empty">
      <h2>No decision matches</h2>
      <p>
        Ids are looked up as they are: of a decision (the signed one of the header
        <code>x-ratchet-decision</code> too), of a completion or response of the model, of an episode. Records
        go when their retention ends.
      </p>
      <p><a class="button" href="${path}">All decisions</a></p>
    </section>`;
  return html`<section class="empty">
    <h2>No request has been recorded yet</h2>
    <p>Point an OpenAI client at this server, or send a first request:</p>
    <pre>
curl ${origin}/v1/chat/completions -H "authorization: Bearer $OPENAI_API_KEY" \\
  -H 'content-type: application/json' -H 'x-ratchet-task: greeting' \\
  -d '{"model": "gpt-4o-mini", "messages": [
    {"role": "system", "content": "Answer in one sentence."},
    {"role": "user", "content": "Hello"}]}'</pre>
    <p class="muted">${badge('recording', 'quiet')} With <code>RATCHET_RECORD=off</code> nothing is kept.</p>
  </section>`;
}
