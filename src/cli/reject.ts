import { rejectByHand } from '../domain/approval.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { decideByHand } from './decide-by-hand.ts';
import { withDatabase } from './open-database.ts';
import { personOf } from './person.ts';
import { addServerOptions, type ServerOptions } from './server-options.ts';
import { terminalText } from './terminal-text.ts';

const reasonLengthMax = 1000;

/** `ratchet reject`: a person's no. */
export const rejectCommand: CliCommand = {
  name: 'reject',
  summary: 'end a proposal that does not serve yet',
  define: (command, context) => {
    addServerOptions(command.argument('<campaign>', 'id of the campaign'))
      .requiredOption('--reason <text>', 'why, for whoever reads its history')
      .option('--by <name>', 'who decides (default: the user of this shell)')
      .addHelpText('after', '\nExample:\n  ratchet reject 3kTfX2 --reason "too informal for our customers"')
      .action(
        context.run(
          async (
            campaignId: string,
            options: ServerOptions & { readonly reason: string; readonly by?: string },
          ) => {
            const by = personOf(options.by, context.environment);
            const atMs = systemClock.now();
            const reason = terminalText(options.reason, reasonLengthMax);
            const decision = await withDatabase(
              { options, context },
              'writer',
              async (store) =>
                await decideByHand(store, campaignId, {
                  action: 'reject',
                  by,
                  reason,
                  atMs,
                  decide: (campaign) => rejectByHand(campaign, by, { reason, atMs }),
                }),
            );
            if (decision.kind === 'refused') {
              context.printError(`ratchet: ${campaignId} was not rejected: ${decision.reason}\n`);
              return exitCodes.failed;
            }
            context.print(`${campaignId} rejected by ${by}\n`);
            return exitCodes.ok;
          },
        ),
      );
  },
};
