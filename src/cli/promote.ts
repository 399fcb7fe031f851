import { promote } from '../console/api/campaign-actions.ts';
import { readPlan } from '../console/api/plans.ts';
import type { CliCommand } from './cli-command.ts';
import { act } from './control/act.ts';
import { addActionOptions, type ActionOptions } from './control/control-options.ts';
import { findCampaign } from './control/find.ts';

/** `ratchet promote`: a person's word in place of the gate's. */
export const promoteCommand: CliCommand = {
  name: 'promote',
  summary: "make a proposal the incumbent without the gate's verdict",
  define: (command, context) => {
    addActionOptions(
      command.argument('<campaign>', 'id of an open campaign that was screened, or its beginning'),
    )
      .requiredOption('--reason <text>', 'why, for whoever reads its history')
      .addHelpText(
        'after',
        `
Nothing has shown that it is better: plan and campaign say by whom it was promoted, and the error budget does not count it.
The watch still rolls it back if it does harm. Its traffic grows by what it delivers; ratchet pin gives it all at once.

Example:
  ratchet promote 3kTfX2 --reason "legal asks for this wording"`,
      )
      .action(
        context.run(async (name: string, options: ActionOptions & { readonly reason: string }) =>
          act({ options, context }, `${name} was not promoted`, async ({ ask }) => {
            const { id, taskId } = await findCampaign(ask, name);
            const { version } = await ask(readPlan, { params: { task: taskId } });
            const { reason } = options;
            const whole = await ask(promote, { params: { campaign: id }, body: { reason } });
            return {
              whole,
              lines: [
                `${id} promoted by hand by ${whole.byHand?.by}: ${whole.variantId} is the incumbent of ${taskId}`,
                `undo: ratchet rollback ${taskId} --to ${version}`,
              ],
            };
          }),
        ),
      );
  },
};
