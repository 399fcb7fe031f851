import { approve } from '../console/api/campaign-actions.ts';
import type { CliCommand } from './cli-command.ts';
import { act, reasonOf } from './control/act.ts';
import { addActionOptions, addReasonOption, type ActionOptions } from './control/control-options.ts';
import { findCampaign } from './control/find.ts';

/** `ratchet approve`: a person's yes, where `gate.approve` is `manual`. */
export const approveCommand: CliCommand = {
  name: 'approve',
  summary: 'let a proposal serve that has passed and waits for a person',
  define: (command, context) => {
    addReasonOption(addActionOptions(command.argument('<campaign>', 'id of the campaign, or its beginning')))
      .addHelpText(
        'after',
        `
The gate admits it as a canary in its next cycle, and counts it in the error budget then. Who approved and when is kept.

Examples:
  ratchet review 3kTfX2
  ratchet approve 3kTfX2
  ratchet approve 3kTfX2 --by ada@example.com`,
      )
      .action(
        context.run(async (name: string, options: ActionOptions) =>
          act({ options, context }, `${name} was not approved`, async ({ ask }) => {
            const { id } = await findCampaign(ask, name);
            const whole = await ask(approve, { params: { campaign: id }, body: reasonOf(options) });
            return {
              whole,
              lines: [
                `${id} approved by ${whole.approval?.by}; the gate admits it in its next cycle`,
                `until then: ratchet reject ${id} --reason …; later: ratchet rollback ${whole.taskId} --to VERSION`,
              ],
            };
          }),
        ),
      );
  },
};
