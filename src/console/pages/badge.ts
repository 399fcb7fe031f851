import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** What a mark means at a glance; the words say it too. */
export type Tone = 'good' | 'bad' | 'watch' | 'info' | 'quiet';

/** A short mark, such as the state of a campaign; `explanation` is shown when one points at it. */
export function badge(text: string, tone: Tone, explanation?: string): Html {
  return explanation === undefined
    ? html`<span class="badge" data-tone="${tone}">${text}</span>`
    : html`<span class="badge" data-tone="${tone}" title="${explanation}">${text}</span>`;
}

const campaignTones: Readonly<Record<string, Tone>> = {
  proposed: 'quiet',
  screened: 'quiet',
  shadow: 'info',
  canary: 'watch',
  promoted: 'good',
  rejected: 'bad',
  inconclusive: 'quiet',
  'rolled-back': 'bad',
};

/** The state of a campaign. */
export function campaignBadge(state: string): Html {
  return badge(state, campaignTones[state] ?? 'quiet');
}

const armTones: Readonly<Record<string, Tone>> = {
  baseline: 'quiet',
  incumbent: 'good',
  canary: 'watch',
  superseded: 'quiet',
  former: 'quiet',
  proposed: 'info',
};

/** Where a variant stands. */
export function armBadge(status: string): Html {
  return badge(status, armTones[status] ?? 'quiet');
}
