import { pauseLearning } from '../console/api/learning-actions.ts';
import type { CliCommand } from './cli-command.ts';
import { act, reasonOf } from './control/act.ts';
import { addActionOptions, addReasonOption, type ActionOptions } from './control/control-options.ts';
import { findTask } from './control/find.ts';

/** `ratchet pause`: learning stands still. */
export const pauseCommand: CliCommand = {
  name: 'pause',
  summary: 'have learning of a task stand still',
  define: (command, context) => {
    addReasonOption(addActionOptions(command.argument('<task>', 'name or id of the task')))
      .addHelpText(
        'after',
        `
Nothing is proposed, tested, admitted or promoted, and nothing is paid for it. What serves goes on, feedback counts, and the
watch still rolls back what turns harmful. Repeats change nothing.

Example:
  ratchet pause support-triage --reason "release week"`,
      )
      .action(
        context.run(async (name: string, options: ActionOptions) =>
          act({ options, context }, `${name} was not paused`, async ({ ask }) => {
            const { id } = await findTask(ask, name);
            const whole = await ask(pauseLearning, { params: { task: id }, body: reasonOf(options) });
            return {
              whole,
              lines: [`learning of ${id} stands still; what serves goes on`, `undo: ratchet resume ${id}`],
            };
          }),
        ),
      );
  },
};
