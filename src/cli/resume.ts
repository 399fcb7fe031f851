import { resumeLearning } from '../console/api/learning-actions.ts';
import type { CliCommand } from './cli-command.ts';
import { act, reasonOf } from './control/act.ts';
import { addActionOptions, addReasonOption, type ActionOptions } from './control/control-options.ts';
import { findTask } from './control/find.ts';

/** `ratchet resume`: learning goes on. */
export const resumeCommand: CliCommand = {
  name: 'resume',
  summary: 'let a paused task learn again',
  define: (command, context) => {
    addReasonOption(addActionOptions(command.argument('<task>', 'name or id of the task')))
      .addHelpText(
        'after',
        `
Repeats change nothing.

Example:
  ratchet resume support-triage`,
      )
      .action(
        context.run(async (name: string, options: ActionOptions) =>
          act({ options, context }, `${name} was not resumed`, async ({ ask }) => {
            const { id } = await findTask(ask, name);
            const whole = await ask(resumeLearning, { params: { task: id }, body: reasonOf(options) });
            return { whole, lines: [`${id} learns again`, `undo: ratchet pause ${id}`] };
          }),
        ),
      );
  },
};
