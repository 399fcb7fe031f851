import type { PlanCause } from '../../domain/plan.ts';
import { terminalText } from '../terminal-text.ts';

/** Why there is a plan, in a few words. */
export function causeText(cause: PlanCause): string {
  switch (cause.kind) {
    case 'first':
      return 'the first one';
    case 'baseline-changed':
      return 'the agent’s prompt changed';
    case 'canary-started':
      return `canary of campaign ${cause.campaignId}`;
    case 'promoted':
      return `campaign ${cause.campaignId} promoted${by(cause.by, ' by hand by ')}`;
    case 'canary-stopped':
      return `canary of campaign ${cause.campaignId} stopped: ${terminalText(cause.reason, 200)}`;
    case 'rolled-back':
      return `rolled back (${cause.reason})${cause.toVersion === undefined ? '' : ` to plan ${cause.toVersion}`}${by(cause.by)}`;
    case 'pinned':
      return `${cause.variantId} pinned${by(cause.by)}`;
    case 'unpinned':
      return `unpinned${by(cause.by)}`;
  }
}

function by(person: string | undefined, before = ' by '): string {
  return person === undefined ? '' : `${before}${terminalText(person, 80)}`;
}
