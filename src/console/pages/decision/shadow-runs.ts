import { html } from 'hono/html';
import type { Grade, GraderConfig } from '../../../domain/grader.ts';
import type { ShadowRun } from '../../../domain/shadow-run.ts';
import { badge } from '../badge.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { ago, countText, durationText, moneyText } from '../format.ts';
import { variantHref } from '../hrefs.ts';
import { answer } from './conversation.ts';
import { runKind } from './run-kind.ts';

/** What variants answered to a request off the user's path, side by side. */
export function shadowRuns(
  runs: readonly ShadowRun[],
  {
    graders,
    nameOf,
    nowMs,
  }: {
    /** Of the task by now, in the order of grades. */
    readonly graders: readonly GraderConfig[];
    readonly nameOf: (variantId: string) => Html | string;
    readonly nowMs: number;
  },
): Html {
  if (runs.length === 0)
    return html`<p class="muted">
      No variant has been asked the same. The gate draws some of the recorded requests for its tests.
    </p>`;
  const ordered = runs.toSorted((one, other) => one.atMs - other.atMs);
  const groups = Map.groupBy(ordered, ({ variantId }) => runKind(variantId).kind);
  const [judged, pinned] = [groups.get('judge') ?? [], groups.get('pinned') ?? []];
  return html`<div class="runs">
      ${(groups.get('variant') ?? []).map(
        (run) =>
          html`<article>
            <h3><a href="${variantHref(run.taskId, run.variantId)}">${nameOf(run.variantId)}</a></h3>
            ${answer(run.completion)}
            <p>${run.grades.map((grade, index) => gradeMark(grade, graders[index]))}</p>
            ${cost(run, nowMs)}
          </article>`,
      )}
    </div>
    ${folded(
      'What the judge thought',
      judged,
      (run) =>
        html`<h3>${titleOf(run, nameOf)}</h3>
          ${answer(run.completion)}${cost(run, nowMs)}`,
    )}
    ${folded('Asked again to notice a changed model', pinned, (run) => html`${answer(run.completion)}${cost(run, nowMs)}`)}`;
}

function folded(title: string, runs: readonly ShadowRun[], show: (run: ShadowRun) => Html): Html | string {
  if (runs.length === 0) return '';
  return html`<details>
    <summary>${title} (${runs.length})</summary>
    <div class="runs">${runs.map((run) => html`<article>${show(run)}</article>`)}</div>
  </details>`;
}

function titleOf({ variantId }: ShadowRun, nameOf: (variantId: string) => Html | string): Html {
  const run = runKind(variantId);
  return run.kind === 'judge' ? html`${nameOf(run.firstId)}, then ${nameOf(run.secondId)}` : html``;
}

function cost({ atMs, latencyMs, usage, costUsd }: ShadowRun, nowMs: number): Html {
  return html`<p class="muted">
    ${ago(atMs, nowMs)} · ${durationText(latencyMs)} · ${countText(usage.outputTokens)} tokens ·
    ${moneyText(costUsd)}
  </p>`;
}

/** `grader` is not known where the task had another list of them then. */
function gradeMark(grade: Grade, grader: GraderConfig | undefined): Html {
  const name = grader?.kind ?? 'grader';
  if (grade.kind === 'missing') return html`${badge(`${name}: none`, 'quiet', grade.reason)} `;
  const tone = grade.score >= 0.995 ? 'good' : grade.score <= 0.005 ? 'bad' : 'watch';
  const reason =
    grade.reason === undefined ? '' : html` <small class="muted">${cutText(grade.reason, 160)}</small>`;
  return html`${badge(`${name} ${Number(grade.score.toFixed(2))}`, tone)}${reason} `;
}
