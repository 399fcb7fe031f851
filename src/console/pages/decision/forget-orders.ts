import { html } from 'hono/html';
import type { Actor } from '../../actor.ts';
import type { DecisionDetail } from '../../api/decision.schema.ts';
import { confirmedAction } from '../confirmed-action.ts';
import type { Html } from '../console-page.ts';
import { decisionHref } from '../hrefs.ts';

/** Having the words of a user forgotten; nothing for those who may only look. */
export function forgetOrders(
  { decisionId, episodeId, scope }: DecisionDetail,
  { role }: Pick<Actor, 'role'>,
): Html | string {
  if (role !== 'operator') return '';
  const common = {
    tone: 'danger',
    path: '/console/forget',
    explanation: what,
    reason: 'optional',
    back: decisionHref(decisionId),
  } as const;
  return html`<section class="card" aria-labelledby="forget-title">
    <h2 id="forget-title">Have the words forgotten</h2>
    <div class="actions">
      ${confirmedAction({
        ...common,
        label: 'Forget this request',
        fields: { 'target.kind': 'decision', 'target.decisionId': decisionId },
      })}
      ${confirmedAction({
        ...common,
        label: 'Forget its whole conversation',
        fields: { 'target.kind': 'episode', 'target.episodeId': episodeId, 'target.scope': scope },
      })}
    </div>
  </section>`;
}

const what: Html = html`<strong>Goes, for good:</strong> the texts of requests, slots and answers; comments,
  right answers and tags of feedback; what variants answered to them. <strong>Stays:</strong> what was counted
  (rewards, sums, probabilities), ids, times and costs, and this order in the audit log. Not reached: prompts
  that already quote a text, traces and exports elsewhere, backups.`;
