import { unpinVariant } from '../console/api/plan-actions.ts';
import type { CliCommand } from './cli-command.ts';
import { act, reasonOf } from './control/act.ts';
import { addActionOptions, addReasonOption, type ActionOptions } from './control/control-options.ts';
import { findTask } from './control/find.ts';

/** `ratchet unpin`: the bandit divides traffic again. */
export const unpinCommand: CliCommand = {
  name: 'unpin',
  summary: 'let the bandit divide the traffic of a task again',
  define: (command, context) => {
    addReasonOption(addActionOptions(command.argument('<task>', 'name or id of the task')))
      .addHelpText(
        'after',
        `
Probabilities are as they were when the pin began, and learning goes on.

Example:
  ratchet unpin support-triage`,
      )
      .action(
        context.run(async (name: string, options: ActionOptions) =>
          act({ options, context }, `${name} was not unpinned`, async ({ ask }) => {
            const { id, pinnedId } = await findTask(ask, name);
            const whole = await ask(unpinVariant, { params: { task: id }, body: reasonOf(options) });
            return {
              whole,
              lines: [
                `the bandit divides the traffic of ${id} again (plan ${whole.version})`,
                `undo: ratchet pin ${id} ${pinnedId}`,
              ],
            };
          }),
        ),
      );
  },
};
