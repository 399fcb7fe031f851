import { isOpen, type Campaign } from '../../domain/campaign.ts';
import type { Edit } from '../../domain/edit.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import { terminalText } from '../terminal-text.ts';

/** What the live picture of a run shows. */
export interface DashboardState {
  readonly title: string;
  readonly requests: number;
  readonly requestsTotal: number;
  readonly elapsedMs: number;
  readonly baselineValue: number;
  /** True mean value of what was served, oldest first. */
  readonly values: readonly number[];
  readonly snapshot: TaskSnapshot | undefined;
  readonly campaigns: readonly Campaign[];
}

const barWidth = 24;
const campaignsShown = 8;
const sparks = '▁▂▃▄▅▆▇█';

/** The picture as lines of text, without cursor movements. */
export function dashboardLines(state: DashboardState): string[] {
  const perSecond = state.elapsedMs === 0 ? 0 : (state.requests * 1000) / state.elapsedMs;
  const value = state.values.at(-1) ?? state.baselineValue;
  return [
    state.title,
    `requests    ${bar(state.requests / state.requestsTotal)} ${state.requests} of ${state.requestsTotal}, ${perSecond.toFixed(0)}/s`,
    `true value  ${sparkline(state.values, barWidth)} ${value.toFixed(3)} now, ${state.baselineValue.toFixed(3)} with the agent's own prompt`,
    `traffic     ${trafficOf(state.snapshot)}`,
    'campaigns',
    ...campaignRows(state),
  ];
}

/** A share of 1 as a bar of fixed width. */
export function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
  return '█'.repeat(filled) + '░'.repeat(barWidth - filled);
}

/** Values as a row of little columns, scaled between the least and the greatest. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = Array.from({ length: Math.min(width, values.length) }, (_, index) => {
    const from = Math.floor((index * values.length) / Math.min(width, values.length));
    return values[from] ?? 0;
  });
  const low = Math.min(...shown);
  const span = Math.max(0.02, Math.max(...shown) - low);
  return shown
    .map((value) => sparks[Math.min(7, Math.floor(((value - low) / span) * 8))] ?? '▁')
    .join('')
    .padEnd(width, ' ');
}

/** What an edit is for, in a few words. */
export function intentOf(edits: readonly Edit[]): string {
  return terminalText(edits.at(-1)?.intent ?? 'the agent’s own prompt', 28);
}

function trafficOf(snapshot: TaskSnapshot | undefined): string {
  if (snapshot === undefined) return 'waiting for the first request';
  return snapshot.plan.arms
    .map(({ variantId, status }) => {
      const share = snapshot.routing.probabilities[variantId] ?? 0;
      const name = status === 'baseline' ? 'baseline' : `${variantId.slice(0, 6)} (${status})`;
      return `${name} ${(share * 100).toFixed(0)} %`;
    })
    .join(', ');
}

function campaignRows({ campaigns, snapshot }: DashboardState): string[] {
  const shown = [
    ...campaigns.filter(({ state }) => isOpen(state)),
    ...campaigns.filter(({ state }) => !isOpen(state)).toReversed(),
  ].slice(0, campaignsShown);
  if (shown.length === 0) return ['  none yet: the learner waits for feedback'];
  return shown.map(
    (campaign) =>
      `  ${campaign.state.padEnd(12)} ${intentOf(campaign.proposal.variant.edits).padEnd(28)} ${progressOf(campaign, snapshot)}`,
  );
}

function progressOf(campaign: Campaign, snapshot: TaskSnapshot | undefined): string {
  const evidence = campaign.verdict?.evidence;
  const difference = evidence?.meanDifference ?? null;
  const told =
    difference === null
      ? ''
      : `${difference >= 0 ? '+' : ''}${difference.toFixed(3)} in ${evidence?.pairs ?? 0} pairs`;
  if (campaign.state === 'canary') {
    const share = snapshot?.routing.probabilities[campaign.proposal.variant.id] ?? 0;
    return `${bar(share / 0.5)} ${(share * 100).toFixed(0)} % of traffic, promoted at 50 %`;
  }
  if (campaign.state === 'shadow' && evidence !== undefined)
    return `${bar(evidence.logSuperiority / evidence.logThreshold)} ${told}`;
  return told === '' ? terminalText(campaign.history.at(-1)?.reason ?? '', 60) : told;
}
