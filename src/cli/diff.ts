import type { PlanView } from '../console/api/plan.schema.ts';
import { readPlanVersion } from '../console/api/plans.ts';
import type { PromptDiff } from '../console/api/task.schema.ts';
import { diffVariants } from '../console/api/variants.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import type { Ask } from './control/control.ts';
import { addControlOptions, withControl, type ControlOptions } from './control/control-options.ts';
import { findTask, findVariantId } from './control/find.ts';
import { causeText } from './lines/cause.ts';
import { momentText } from './lines/figures.ts';
import { paintedDiff } from './lines/painted-diff.ts';
import { paintOf, type Paint } from './lines/paint.ts';
import { printAnswer } from './lines/print.ts';

/** `ratchet diff`: how two prompts of a task differ. */
export const diffCommand: CliCommand = {
  name: 'diff',
  summary: 'show how the prompts of two variants or plans of a task differ',
  define: (command, context) => {
    addControlOptions(
      command
        .argument('<task>', 'name or id of the task')
        .argument('<from>', 'variant (id, its beginning, or baseline), or version of a plan')
        .argument('<to>', 'likewise'),
    )
      .addHelpText(
        'after',
        `
Two numbers are versions of the plan, of which the prompts that most of the traffic gets are compared: the pinned
variant's, else the incumbent's.

Examples:
  ratchet diff support-triage baseline 9fQ2
  ratchet diff support-triage 3 7
  ratchet diff support-triage baseline 9fQ2 --json | jq -r .after`,
      )
      .action(
        context.run(async (name: string, from: string, to: string, options: ControlOptions) => {
          await withControl({ options, context }, 'reader', async ({ ask }) => {
            const { id: taskId } = await findTask(ask, name);
            const paint = paintOf(context);
            if (isVersion(from) && isVersion(to)) {
              const plans = await comparePlans(ask, taskId, { from, to });
              printAnswer(context, options, { whole: plans, lines: () => planLines(plans, paint) });
              return;
            }
            const [fromId, toId] = [
              await findVariantId(ask, taskId, from),
              await findVariantId(ask, taskId, to),
            ];
            const diff = await ask(diffVariants, {
              params: { task: taskId },
              query: { from: fromId, to: toId },
            });
            printAnswer(context, options, { whole: diff, lines: () => diffLines(diff, paint) });
          });
          return exitCodes.ok;
        }),
      );
  },
};

interface ComparedPlans {
  readonly from: PlanView;
  readonly to: PlanView;
  readonly diff: PromptDiff;
}

function isVersion(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

async function comparePlans(
  ask: Ask,
  task: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ComparedPlans> {
  const [one, other] = [
    await ask(readPlanVersion, { params: { task, version: from } }),
    await ask(readPlanVersion, { params: { task, version: to } }),
  ];
  const query = { from: servedBy(one), to: servedBy(other) };
  return { from: one, to: other, diff: await ask(diffVariants, { params: { task }, query }) };
}

function servedBy({ pinnedId, incumbentId }: PlanView): string {
  return pinnedId ?? incumbentId;
}

function planLines({ from, to, diff }: ComparedPlans, paint: Paint): readonly string[] {
  return [
    ...[from, to].map(
      (plan) =>
        `plan ${plan.version}  ${momentText(plan.atMs)}  ${causeText(plan.cause)}; arms ${plan.arms.map(({ variantId }) => variantId).join(', ')}`,
    ),
    ...(from.baselineVersion === to.baselineVersion
      ? []
      : [`the agent sent another prompt: baseline ${from.baselineVersion}, then ${to.baselineVersion}`]),
    '',
    ...diffLines(diff, paint),
  ];
}

function diffLines({ fromId, toId, before, after }: PromptDiff, paint: Paint): readonly string[] {
  return [
    `${fromId} → ${toId}`,
    ...(after === null
      ? ['the edits have no place in the prompt that they are held against']
      : paintedDiff(before, after, paint)),
  ];
}
