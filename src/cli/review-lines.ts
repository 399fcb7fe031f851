import type { Effect, Taking } from '../domain/effect.ts';
import type { DifferingOutput } from '../gate/differing-outputs.ts';
import { evidenceLines } from './evidence-lines.ts';
import type { ReadReview } from './read-review.ts';
import { terminalText } from './terminal-text.ts';

const textLengthMax = 300;

/** A review for a terminal. Texts of models and users are cut and cleaned. */
export function reviewLines({ review, taskName, diff }: ReadReview): readonly string[] {
  const { campaignId, state, approval, optimizer, purpose, proposedAtMs, effect, evidence } = review;
  return [
    `${campaignId}  ${terminalText(taskName, 80)}: ${state}, proposed ${timeOf(proposedAtMs)} by ${optimizer} to ${purpose}`,
    ...(approval === null ? [] : [`approved by ${approval.by} ${timeOf(approval.atMs)}`]),
    evidence.reason,
    '',
    'Change',
    ...review.edits.map(({ op, intent }) => `  ${op}: ${terminalText(intent, textLengthMax)}`),
    ...diff.map((line) => `  ${line}`),
    '',
    'Expected effect on the score (95 %, however often one looks)',
    `  all requests  ${effect === null ? 'nothing measured yet' : effectText(effect)}`,
    ...review.slices.map((slice) => `  ${terminalText(slice.segment, 40)}  ${effectText(slice)}`),
    '',
    'An answer takes, compared with now',
    ...review.takes.map((taking) => `  ${taking.name.padEnd(8)}${takingText(taking)}`),
    '',
    `Evidence (${evidence.agreement === 'differs' ? `WARNING: ${evidence.explanation}` : evidence.explanation})`,
    ...evidenceLines(evidence.lines),
    '',
    review.examples.length === 0 ? 'No recorded request was answered differently' : 'Answered differently',
    ...review.examples.flatMap(exampleLines),
  ];
}

function effectText({ pairs, mean, low, high }: Effect): string {
  return `${signed(mean)}, between ${signed(low)} and ${signed(high)}, ${pairs} pairs`;
}

function takingText({ ratio, low, high, pairs }: Taking): string {
  return `×${ratio.toFixed(2)}, between ×${low.toFixed(2)} and ×${high.toFixed(2)}, ${pairs} pairs`;
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

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
