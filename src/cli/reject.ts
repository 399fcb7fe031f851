import { reject } from '../console/api/campaign-actions.ts';
import type { CliCommand } from './cli-command.ts';
import { act } from './control/act.ts';
import { addActionOptions, type ActionOptions } from './control/control-options.ts';
import { findCampaign } from './control/find.ts';
import { terminalText } from './terminal-text.ts';

const reasonLengthMax = 1000;

/** `ratchet reject`: a person's no. */
export const rejectCommand: CliCommand = {
  name: 'reject',
  summary: 'end a proposal that does not serve yet',
  define: (command, context) => {
    addActionOptions(command.argument('<campaign>', 'id of the campaign, or its beginning'))
      .requiredOption('--reason <text>', 'why, for whoever reads its history')
      .addHelpText(
        'after',
        `
What was rejected stays so; the same edits can be proposed anew.

Example:
  ratchet reject 3kTfX2 --reason "too informal for our customers"`,
      )
      .action(
        context.run(async (name: string, options: ActionOptions & { readonly reason: string }) =>
          act({ options, context }, `${name} was not rejected`, async ({ ask }) => {
            const { id } = await findCampaign(ask, name);
            const reason = terminalText(options.reason, reasonLengthMax);
            const whole = await ask(reject, { params: { campaign: id }, body: { reason } });
            const said = whole.history.at(-1)?.reason ?? 'rejected';
            return { whole, lines: [`${id} ${said}`] };
          }),
        ),
      );
  },
};
