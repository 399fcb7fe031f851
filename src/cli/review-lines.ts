import type { DifferingOutput } from '../gate/differing-outputs.ts';
import { ledgerLines } from './lines/ledger-lines.ts';
import type { ReadReview } from './read-review.ts';
import { terminalText } from './terminal-text.ts';

const textLengthMax = 300;

/** A review for a terminal. Texts of models and users are cut and cleaned. */
export function reviewLines({ review, taskName, diff }: ReadReview): readonly string[] {
  const { campaignId, state, approval, optimizer, purpose, proposedAtMs, evidence } = review;
  return [
    `${campaignId}  ${terminalText(taskName, 80)}: ${state}, proposed ${timeOf(proposedAtMs)} by ${optimizer} to ${purpose}`,
    ...(approval === null ? [] : [`approved by ${approval.by} ${timeOf(approval.atMs)}`]),
    evidence.reason,
    '',
    'Change',
    ...review.edits.map(({ op, intent }) => `  ${op}: ${terminalText(intent, textLengthMax)}`),
    ...diff.map((line) => `  ${line}`),
    '',
    ...ledgerLines({ ...review, ...evidence }),
    '',
    review.examples.length === 0 ? 'No recorded request was answered differently' : 'Answered differently',
    ...review.examples.flatMap(exampleLines),
  ];
}

function exampleLines({ input, expected, incumbent, candidate, difference }: DifferingOutput): string[] {
  const kind = difference > 0 ? 'better' : difference < 0 ? 'worse' : 'otherwise';
  return [
    `  ${kind}: ${terminalText(input, textLengthMax)}`,
    ...(expected === null ? [] : [`    expected  ${terminalText(expected, textLengthMax)}`]),
    `    now       ${terminalText(incumbent, textLengthMax)}`,
    `    proposed  ${terminalText(candidate, textLengthMax)}`,
  ];
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
