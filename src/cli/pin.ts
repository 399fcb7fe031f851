import { pinVariant } from '../console/api/plan-actions.ts';
import type { CliCommand } from './cli-command.ts';
import { act, reasonOf } from './control/act.ts';
import { addActionOptions, addReasonOption, type ActionOptions } from './control/control-options.ts';
import { findTask, findVariantId } from './control/find.ts';

/** `ratchet pin`: one arm takes all traffic. */
export const pinCommand: CliCommand = {
  name: 'pin',
  summary: 'give one arm of a task all traffic, until it is unpinned',
  define: (command, context) => {
    addReasonOption(
      addActionOptions(
        command
          .argument('<task>', 'name or id of the task')
          .argument('<variant>', 'an arm of its plan: id, its beginning, or baseline'),
      ),
    )
      .addHelpText(
        'after',
        `
Conversations under way change too. Nothing is learned, tested or promoted meanwhile. A pin ends with its arm: by a
rollback, or when the developer changes the prompt.

Examples:
  ratchet pin support-triage baseline --reason "incident 4711"
  ratchet pin support-triage 9fQ2`,
      )
      .action(
        context.run(async (name: string, variant: string, options: ActionOptions) =>
          act({ options, context }, `${variant} was not pinned`, async ({ ask }) => {
            const { id, pinnedId } = await findTask(ask, name);
            const body = { variantId: await findVariantId(ask, id, variant), ...reasonOf(options) };
            const whole = await ask(pinVariant, { params: { task: id }, body });
            return {
              whole,
              lines: [
                `${whole.pinnedId} takes all traffic of ${id} (plan ${whole.version})`,
                `undo: ratchet ${pinnedId === null ? `unpin ${id}` : `pin ${id} ${pinnedId}`}`,
              ],
            };
          }),
        ),
      );
  },
};
