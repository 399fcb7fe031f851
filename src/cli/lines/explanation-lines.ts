import { conversationOf } from '../../domain/agent-request.ts';
import type { Attribution } from '../../domain/decision.ts';
import type { ShadowRun } from '../../domain/shadow-run.ts';
import type { DecisionDetail } from '../../console/api/decision.schema.ts';
import type { Explanation } from '../control/read-explanation.ts';
import { terminalText } from '../terminal-text.ts';
import { causeText } from './cause.ts';
import { momentText, moneyText, unknown, valueText } from './figures.ts';
import { paintedDiff } from './painted-diff.ts';
import type { Paint } from './paint.ts';
import { tableLines } from './table.ts';

const textLengthMax = 300;

const attributions: Readonly<Record<Attribution, string>> = {
  drawn: 'drawn by the bandit, and learned from',
  pinned: 'asked for by name or pinned by an operator, not learned from',
  unattributed: 'the incumbent, since its episode was not found in time; not learned from',
  removed: 'the incumbent, since the variant of its episode had been taken away; not learned from',
};

/** Why a request was served as it was, for a terminal. `columnsMax` as for `tableLines`. */
export function explanationLines(
  explanation: Explanation,
  paint: Paint,
  columnsMax: number | null,
): readonly string[] {
  const { decision } = explanation;
  return [
    ...whyLines(explanation, paint),
    '',
    ...changeLines(explanation, paint),
    '',
    ...textLines(decision),
    '',
    ...feedbackLines(decision, columnsMax),
    '',
    ...shadowLines(decision.shadowRuns, columnsMax),
  ];
}

function whyLines({ decision, task, plan, campaign, episode }: Explanation, paint: Paint): readonly string[] {
  const { variantId, costUsd, segment } = decision;
  const arm = plan?.arms.find((one) => one.variantId === variantId);
  const requests = `${episode.items.length}${episode.next === null ? '' : ' or more'}`;
  return [
    `${paint('bold', decision.decisionId)}  ${momentText(decision.atMs)}  ${decision.model}, status ${decision.status}, ${decision.latencyMs.toFixed(0)} ms${costUsd === null ? '' : `, ${moneyText(costUsd)}`}`,
    `task       ${task === null ? decision.taskId : `${terminalText(task.name, 80)} (${task.id})`}${segment === null ? '' : `, segment ${terminalText(segment, 40)}`}`,
    `served     ${variantId}${arm === undefined ? '' : `, ${arm.status}`}: ${attributions[decision.attribution]}`,
    `propensity ${decision.propensity.toPrecision(3)}, of the draw that its episode shares`,
    plan === null
      ? `plan       ${decision.planVersion}, not known any more`
      : `plan       ${plan.version}: ${causeText(plan.cause)}, ${momentText(plan.atMs)}`,
    // Often the plan was made by the campaign that is told of next.
    ...(plan === null || plan.verdict === null || plan.verdict.campaignId === campaign?.id
      ? []
      : [`because    ${plan.verdict.kind}: ${terminalText(plan.verdict.reason, textLengthMax)}`]),
    ...(campaign === null
      ? []
      : [
          `campaign   ${campaign.id}: ${campaign.state}, proposed by ${campaign.optimizer} ${momentText(campaign.proposedAtMs)}`,
          `verdict    ${campaign.verdict === null ? 'none' : `${campaign.verdict.kind}: ${terminalText(campaign.verdict.reason, textLengthMax)}`}`,
        ]),
    `episode    ${terminalText(decision.episodeId, 80)}, ${requests} recorded of it`,
    `reward     ${decision.reward === null ? 'none yet' : `${valueText(decision.reward)}, ${decision.isOwnReward ? 'its own' : 'of its episode'}`}`,
  ];
}

function changeLines({ variant }: Explanation, paint: Paint): readonly string[] {
  if (variant === null) return ['The variant is not known any more'];
  if (variant.edits.length === 0) return ['It was the agent’s own prompt'];
  const { before, after } = variant.prompt;
  return [
    'Change of the agent’s own prompt',
    ...variant.edits.map(({ op, intent }) => `  ${op}: ${terminalText(intent, textLengthMax)}`),
    ...(after === null ? [] : paintedDiff(before, after, paint)),
  ];
}

function textLines({ content }: DecisionDetail): readonly string[] {
  if (content === null) return ['Its text is not kept (RATCHET_RECORD, or retention)'];
  const question = conversationOf(content.request).findLast(({ role }) => role === 'user')?.content;
  return [`asked      ${textOf(question)}`, `answered   ${answerText(content.completion)}`];
}

function textOf(content: unknown): string {
  if (content === undefined || content === null) return unknown;
  return terminalText(typeof content === 'string' ? content : JSON.stringify(content), textLengthMax);
}

function answerText({ text, refusal, toolCalls }: ShadowRun['completion']): string {
  const calls = toolCalls.map((call) => `${call.name}(${call.arguments})`);
  return terminalText([text, refusal ?? '', ...calls].join(' '), textLengthMax);
}

function feedbackLines({ feedback }: DecisionDetail, columnsMax: number | null): readonly string[] {
  if (feedback.length === 0) return ['No feedback yet'];
  return tableLines(
    [
      { title: 'FEEDBACK' },
      { title: 'VALUE', align: 'right' },
      { title: 'COUNTED' },
      { title: 'AT' },
      { title: 'FROM' },
      { title: 'SAYS', isFlexible: true },
    ],
    feedback.map(({ metric, value, isCounted, atMs, source, comment, expected }) => [
      metric ?? 'comment',
      value === null ? unknown : String(value),
      isCounted ? 'yes' : 'no',
      momentText(atMs),
      source,
      [comment ?? '', expected === null ? '' : `expected: ${expected}`]
        .filter((text) => text !== '')
        .join('; '),
    ]),
    columnsMax,
  );
}

function shadowLines(runs: readonly ShadowRun[], columnsMax: number | null): readonly string[] {
  if (runs.length === 0) return ['No variant answered it off the user’s path'];
  return tableLines(
    [{ title: 'SHADOW RUN OF' }, { title: 'GRADES' }, { title: 'AT' }, { title: 'ANSWER', isFlexible: true }],
    runs.map(({ variantId, grades, atMs, completion }) => [
      variantId,
      grades.map((grade) => (grade.kind === 'score' ? grade.score.toFixed(2) : unknown)).join(' '),
      momentText(atMs),
      answerText(completion),
    ]),
    columnsMax,
  );
}
