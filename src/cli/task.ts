import type { LearnerView } from '../console/api/learner.schema.ts';
import { readLearner } from '../console/api/learner.ts';
import type { TaskDetail } from '../console/task-view.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import type { Control } from './control/control.ts';
import { addControlOptions, withControl, type ControlOptions } from './control/control-options.ts';
import { findTask } from './control/find.ts';
import { causeText } from './lines/cause.ts';
import { momentText, moneyText, percentText, valueText } from './lines/figures.ts';
import { paintOf, type Paint } from './lines/paint.ts';
import { paintedDiff } from './lines/painted-diff.ts';
import { printAnswer } from './lines/print.ts';
import { tableLines, type Column } from './lines/table.ts';
import { terminalText } from './terminal-text.ts';

const columns: readonly Column[] = [
  { title: 'VARIANT' },
  { title: 'STATUS' },
  { title: 'TRAFFIC', align: 'right' },
  { title: 'CAP', align: 'right' },
  { title: 'VALUE', align: 'right' },
  { title: '95 %', align: 'right' },
  { title: 'SEEN', align: 'right' },
  { title: 'EDITS', isFlexible: true },
];

/** `ratchet task`: all about one task. */
export const taskCommand: CliCommand = {
  name: 'task',
  summary: 'show one task: plan, arms, prompt, learning and money',
  define: (command, context) => {
    addControlOptions(command.argument('<task>', 'name or id of the task, or the beginning of its id'))
      .addHelpText(
        'after',
        `
The prompt is the incumbent's, against the agent's own. Intervals (95 %) are for one look at one arm.

Examples:
  ratchet task support-triage
  ratchet task support-triage --json | jq .prompt`,
      )
      .action(
        context.run(async (name: string, options: ControlOptions) => {
          await withControl({ options, context }, 'reader', async ({ ask, kind }) => {
            const task = await findTask(ask, name);
            const learner = await ask(readLearner, { params: { task: task.id } });
            const lines = (): readonly string[] => [
              ...headLines(task, learningText(task, learner, kind), { learner, paint: paintOf(context) }),
              '',
              ...tableLines(columns, task.armDetails.map(rowOf), context.terminal?.columns ?? null),
              '',
              ...promptLines(task, paintOf(context)),
            ];
            printAnswer(context, options, { whole: task, lines });
          });
          return exitCodes.ok;
        }),
      );
  },
};

function learningText({ paused }: TaskDetail, learner: LearnerView, kind: Control['kind']): string {
  if (paused !== null && paused !== undefined)
    return `paused by ${terminalText(paused.by, 80)} since ${momentText(paused.atMs)}`;
  if (learner.isHeld) return 'held while all traffic is pinned';
  if (kind === 'database') return 'not paused; its server says whether it learns (--server)';
  return `${learner.isOn ? 'on' : 'off'}: ${terminalText(learner.reason, 200)}`;
}

function headLines(
  task: TaskDetail,
  learning: string,
  { learner, paint }: { readonly learner: LearnerView; readonly paint: Paint },
): readonly string[] {
  const { plan, spend } = task;
  const { errorBudget, optimizers } = learner;
  const tried = optimizers.flatMap(({ campaigns }) => Object.values(campaigns));
  return [
    `${paint('bold', terminalText(task.name, 200))}  ${task.id}, since ${momentText(task.createdAtMs)}`,
    `plan       ${plan.version}: ${causeText(plan.cause)}, ${momentText(plan.atMs)}`,
    ...(plan.verdict === null
      ? []
      : [
          `verdict    ${plan.verdict.kind}: ${terminalText(plan.verdict.reason, 300)} (${plan.verdict.campaignId})`,
        ]),
    `serves     ${task.pinnedId === null ? task.incumbentId : `${task.pinnedId}, pinned: all traffic, nothing is learned`}`,
    `learning   ${learning}`,
    `campaigns  ${task.openCampaigns} open of at most ${learner.openCampaignsMax}, ${tried.reduce((sum, count) => sum + count, 0)} in all`,
    `errors     level of the next test ${errorBudget.nextAlphaLevel.toPrecision(2)}; alpha ${errorBudget.alpha}, ${errorBudget.tests} tests so far`,
    `spent      ${moneyText(spend.today.usd)} today, ${moneyText(spend.total.usd)} in all`,
  ];
}

function rowOf(arm: TaskDetail['armDetails'][number]): readonly string[] {
  const { low, high, edits } = arm;
  return [
    arm.variantId,
    arm.status,
    percentText(arm.probability),
    percentText(arm.cap),
    valueText(arm.meanReward),
    low === null || high === null ? '' : `${low.toFixed(2)}–${high.toFixed(2)}`,
    String(Math.round(arm.observations)),
    edits.length === 0 ? 'none' : edits.map(({ op, intent }) => `${op}: ${intent}`).join('; '),
  ];
}

function promptLines({ baselineText, prompt }: TaskDetail, paint: Paint): readonly string[] {
  return prompt === baselineText
    ? ['The incumbent is the agent’s own prompt', ...paintedDiff(prompt, prompt, paint)]
    : ['The incumbent’s prompt, against the agent’s own', ...paintedDiff(baselineText, prompt, paint)];
}
