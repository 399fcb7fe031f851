import { html } from 'hono/html';
import type { PlanCause } from '../../../domain/plan.ts';
import type { Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { campaignHref } from '../hrefs.ts';

const rollbackReasons: Readonly<
  Record<Extract<PlanCause, { readonly kind: 'rolled-back' }>['reason'], string>
> = {
  regression: 'it delivered less than before',
  undecided: 'it fell, and it could not be told why in time',
  guardrail: 'it broke a guardrail',
  operator: 'by order',
};

/** Why there is a plan, in a sentence; `nameOf` names variants and campaigns by their ids. */
export function planCause(cause: PlanCause, nameOf: (id: string) => string): Html {
  const campaign = (campaignId: string): Html =>
    html`<a href="${campaignHref(campaignId)}">${cutText(nameOf(campaignId))}</a>`;
  switch (cause.kind) {
    case 'first':
      return html`The task began, with the agent’s own prompt`;
    case 'baseline-changed':
      return html`The developer changed the prompt`;
    case 'canary-started':
      return html`A canary began: ${campaign(cause.campaignId)}`;
    case 'promoted':
      return html`Promoted ${cause.by === undefined ? 'by the gate' : html`by hand (${cutText(cause.by)})`}:
      ${campaign(cause.campaignId)}`;
    case 'canary-stopped':
      return html`A canary was stopped: ${campaign(cause.campaignId)}, ${cutText(cause.reason, 140)}`;
    case 'rolled-back':
      return html`Rolled
      back${cause.toVersion === undefined ? '' : ` to plan ${cause.toVersion}`}${
        cause.by === undefined ? '' : html` by ${cutText(cause.by)}`
      }:
      ${rollbackReasons[cause.reason]}${cause.campaignId === null ? '' : html`, ${campaign(cause.campaignId)}`}`;
    case 'pinned':
      return html`${cutText(cause.by)} pinned ${cutText(nameOf(cause.variantId))}`;
    case 'unpinned':
      return html`${cutText(cause.by)} unpinned`;
  }
}
