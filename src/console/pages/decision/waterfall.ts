import { html } from 'hono/html';
import type { DecisionDetail } from '../../api/decision.schema.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { durationText, percentText } from '../format.ts';
import { variantHref } from '../hrefs.ts';
import { runKind } from './run-kind.ts';
import { laterEnd, laterPlace, laterTicks, traceOf, type LaterEvent, type TraceStep } from './trace.ts';

/** What variants are called. */
type NameOf = (variantId: string) => Html | string;

/** What happened to a request: while the client waited, then what came later, on an axis of its own. */
export function waterfall(decision: DecisionDetail, nameOf: NameOf): Html {
  const trace = traceOf(decision);
  const endMs = laterEnd(trace.later);
  return html`<table class="waterfall">
      <caption>
        While the client waited, ${durationText(trace.requestMs)}
      </caption>
      <colgroup>
        <col class="what" />
        <col />
        <col class="time" />
      </colgroup>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Step</th>
          <th scope="col">When</th>
          <th scope="col">Time</th>
        </tr>
      </thead>
      <tbody>
        ${trace.request.map((step) => requestRow(step, trace.requestMs, choiceText(decision, nameOf)))}
      </tbody>
    </table>
    ${
      trace.later.length === 0
        ? html`<p class="muted">Nothing came later: no feedback, no answers of variants.</p>`
        : html`<table class="waterfall">
              <caption>
                Later, on a logarithmic axis of time
              </caption>
              <colgroup>
                <col class="what" />
                <col />
                <col class="time" />
              </colgroup>
              <thead>
                <tr>
                  <th scope="col"><span class="visually-hidden">What</span></th>
                  <th scope="col">${axis(endMs)}<span class="visually-hidden">When</span></th>
                  <th scope="col"><span class="visually-hidden">Time</span></th>
                </tr>
              </thead>
              <tbody>
                ${trace.later.map((event) => laterRow(event, { endMs, decision, nameOf }))}
              </tbody>
            </table>
            ${trace.laterOmitted === 0 ? '' : html`<p class="muted">And ${trace.laterOmitted} more, told below.</p>`}`
    }`;
}

function choiceText(
  { propensity, planVersion, variantId, attribution }: DecisionDetail,
  nameOf: NameOf,
): Html {
  return html`Choice of <strong>${nameOf(variantId)}</strong>,
    <span class="muted"
      >${attribution === 'drawn' ? `drawn with ${percentText(propensity)}` : attribution} by plan
      ${planVersion}</span
    >`;
}

const stepNames = {
  waiting: 'Upstream, until the first byte',
  answer: 'The answer streams back',
  'no-answer': 'Upstream gave no answer',
} as const;

function requestRow({ name, startMs, endMs }: TraceStep, totalMs: number, choice: Html): Html {
  const share = (ms: number): number => (totalMs <= 0 ? 0 : (100 * ms) / totalMs);
  return html`<tr>
    <th scope="row">${name === 'choice' ? choice : stepNames[name]}</th>
    <td>
      <svg width="100%" height="16" aria-hidden="true">
        <rect class="track" y="7" width="100%" height="2"></rect>
        ${
          name === 'choice'
            ? html`<circle class="fill" cx="5" cy="8" r="5"></circle>`
            : html`<rect
                class="fill"
                data-tone="${stepTones[name]}"
                x="${share(startMs).toFixed(2)}%"
                y="3"
                width="${Math.max(0.4, share(endMs - startMs)).toFixed(2)}%"
                height="10"
                rx="3"
              ></rect>`
        }
      </svg>
    </td>
    <td class="number">${name === 'choice' ? 'at once' : durationText(endMs - startMs)}</td>
  </tr>`;
}

const stepTones = { waiting: 'quiet', answer: 'good', 'no-answer': 'bad' } as const;

function axis(endMs: number): Html {
  return html`<svg width="100%" height="18" aria-hidden="true">
    ${laterTicks(endMs).map((time) => {
      const share = laterPlace(time, endMs);
      return html`<text
        x="${(100 * share).toFixed(2)}%"
        y="12"
        text-anchor="${share > 0.9 ? 'end' : 'middle'}"
        >${durationText(time)}</text
      >`;
    })}
  </svg>`;
}

function laterRow(
  { kind, atMs, subject, value }: LaterEvent,
  {
    endMs,
    decision: { taskId },
    nameOf,
  }: { readonly endMs: number; readonly decision: DecisionDetail; readonly nameOf: NameOf },
): Html {
  const what = kind === 'feedback' ? feedbackText(subject, value) : runText(subject ?? '', taskId, nameOf);
  return html`<tr>
    <th scope="row">${what}</th>
    <td>
      <svg width="100%" height="16" aria-hidden="true">
        <rect class="track" y="7" width="100%" height="2"></rect>
        <circle
          class="fill"
          data-tone="${kind === 'feedback' ? 'watch' : 'info'}"
          cx="${(100 * laterPlace(atMs, endMs)).toFixed(2)}%"
          cy="8"
          r="5"
        ></circle>
      </svg>
    </td>
    <td class="number">${atMs < 0 ? 'before' : `+${durationText(atMs)}`}</td>
  </tr>`;
}

function feedbackText(metric: string | null, value: number | null): Html {
  if (metric === null) return html`Feedback in words`;
  return html`Feedback, ${cutText(metric, 30)}
  ${value === null ? '' : html`<strong>${Number(value.toPrecision(4))}</strong>`}`;
}

function runText(name: string, taskId: string, nameOf: NameOf): Html {
  const run = runKind(name);
  switch (run.kind) {
    case 'variant':
      return html`Shadow run of <a href="${variantHref(taskId, run.variantId)}">${nameOf(run.variantId)}</a>`;
    case 'judge':
      return html`The judge compares ${nameOf(run.firstId)} with ${nameOf(run.secondId)}`;
    case 'pinned':
      return html`Asked again, to notice a changed model`;
  }
}
