import { html } from 'hono/html';
import { isOpen, promotableByHand } from '../../../domain/campaign.ts';
import type { Actor } from '../../actor.ts';
import type { CampaignView } from '../../api/campaign.schema.ts';
import { campaignTag } from '../../api/etag.ts';
import { confirmedAction } from '../confirmed-action.ts';
import type { Html } from '../console-page.ts';
import { campaignHref } from '../hrefs.ts';

/** What a person may order of a campaign; nothing for those who may only look, and once it has ended. */
export function campaignOrders(
  campaign: CampaignView,
  { role }: Pick<Actor, 'role'>,
  isManual: boolean,
): Html | string {
  const { id, state, isAwaitingApproval } = campaign;
  if (role !== 'operator' || !isOpen(state)) return '';
  const here = campaignHref(id);
  const common = { back: here, seen: campaignTag(campaign) };
  return html`<section class="card" aria-labelledby="orders-title">
    <h2 id="orders-title">Your word</h2>
    <div class="actions">
      ${
        isAwaitingApproval && isManual
          ? confirmedAction({
              ...common,
              label: 'Approve',
              tone: 'primary',
              path: `${here}/approve`,
              explanation:
                'The gate lets it serve a little of the traffic in its next cycle, then more step by step, and watches it. It counts in the error budget.',
              reason: 'optional',
            })
          : ''
      }
      ${
        state === 'canary'
          ? ''
          : confirmedAction({
              ...common,
              label: 'Reject',
              tone: 'danger',
              path: `${here}/reject`,
              explanation:
                'Ends this proposal for good. Nothing of it has served; nothing that serves changes.',
              reason: 'required',
            })
      }
      ${
        promotableByHand.includes(state)
          ? confirmedAction({
              ...common,
              label: 'Promote by hand',
              path: `${here}/promote`,
              explanation: html`<strong>This overrides the gate.</strong> It becomes the incumbent without the
                evidence that the gate asks for; plan and campaign say that you did it, and the error budget
                does not cover it. Its traffic grows by what it delivers, and the watch rolls it back where it
                turns out worse.`,
              reason: 'required',
            })
          : ''
      }
    </div>
    ${
      state === 'canary'
        ? html`<p class="muted">It serves already. To take it away, roll the plan of its task back.</p>`
        : ''
    }
  </section>`;
}
