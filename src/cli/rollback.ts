import { rollBack } from '../console/api/plan-actions.ts';
import type { PlanView } from '../console/api/plan.schema.ts';
import { invalidConfiguration } from '../configuration/invalid-configuration.ts';
import type { CliCommand } from './cli-command.ts';
import { act, reasonOf } from './control/act.ts';
import { addActionOptions, addReasonOption, type ActionOptions } from './control/control-options.ts';
import { findTask } from './control/find.ts';

/** `ratchet rollback`: an earlier plan serves again. */
export const rollbackCommand: CliCommand = {
  name: 'rollback',
  summary: 'serve again what an earlier plan of a task served',
  define: (command, context) => {
    addReasonOption(addActionOptions(command.argument('<task>', 'name or id of the task')))
      .requiredOption('--to <version>', 'version of a plan with the same baseline', versionOf)
      .addHelpText(
        'after',
        `
Appends a plan; history stays. Conversations leave what is taken away at their next request, its feedback stops counting,
and its campaigns end as rolled back. What was taken away has to be proposed anew. ratchet diff shows what would change.

Examples:
  ratchet diff support-triage 3 7
  ratchet rollback support-triage --to 3 --reason "complaints since Monday"`,
      )
      .action(
        context.run(async (name: string, options: ActionOptions & { readonly to: number }) =>
          act({ options, context }, `${name} was not rolled back`, async ({ ask }) => {
            const before = await findTask(ask, name);
            const whole = await ask(rollBack, {
              params: { task: before.id },
              body: { toVersion: options.to, ...reasonOf(options) },
            });
            return { whole, lines: rolledBackLines(before.plan, whole) };
          }),
        ),
      );
  },
};

function rolledBackLines(before: PlanView, after: PlanView): readonly string[] {
  const { taskId, incumbentId } = after;
  const kept = new Set([before.incumbentId, ...after.arms.map(({ variantId }) => variantId)]);
  const gone = before.arms.flatMap(({ variantId }) => (kept.has(variantId) ? [] : [variantId]));
  return [
    `${incumbentId} is the incumbent of ${taskId} (plan ${after.version})`,
    ...(gone.length === 0 ? [] : [`taken away: ${gone.join(', ')}; ratchet propose tries such edits anew`]),
    ...(before.incumbentId === incumbentId
      ? []
      : [`undo: ratchet rollback ${taskId} --to ${before.version}`]),
  ];
}

function versionOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw invalidConfiguration('--to', 'expected the version of a plan, such as 3');
}
