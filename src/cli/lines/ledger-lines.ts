import type { Evidence } from '../../console/api/evidence.ts';
import type { Effect, Taking } from '../../domain/effect.ts';
import { evidenceLines } from '../evidence-lines.ts';
import { terminalText } from '../terminal-text.ts';
import { signed } from './figures.ts';

/** What the ledger of a campaign says: effect, segments, what an answer takes, and each e-value beside its bar. */
export function ledgerLines(evidence: Omit<Evidence, 'reason'>): readonly string[] {
  const { effect, slices, takes, agreement, explanation } = evidence;
  return [
    'Expected effect on the score (95 %, however often one looks)',
    `  all requests  ${effect === null ? 'nothing measured yet' : effectText(effect)}`,
    ...slices.map((slice) => `  ${terminalText(slice.segment, 40)}  ${effectText(slice)}`),
    '',
    'An answer takes, compared with now',
    ...takes.map((taking) => `  ${taking.name.padEnd(8)}${takingText(taking)}`),
    '',
    `Evidence (${agreement === 'differs' ? `WARNING: ${explanation}` : explanation})`,
    ...evidenceLines(evidence.lines),
  ];
}

function effectText({ pairs, mean, low, high }: Effect): string {
  return `${signed(mean)}, between ${signed(low)} and ${signed(high)}, ${pairs} pairs`;
}

function takingText({ ratio, low, high, pairs }: Taking): string {
  return `×${ratio.toFixed(2)}, between ×${low.toFixed(2)} and ×${high.toFixed(2)}, ${pairs} pairs`;
}
