import { approveCampaign } from '../domain/approval.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { decideByHand } from './decide-by-hand.ts';
import { withDatabase } from './open-database.ts';
import { personOf } from './person.ts';
import { addServerOptions, type ServerOptions } from './server-options.ts';

/** `ratchet approve`: a person's yes, where `gate.approve` is `manual`. */
export const approveCommand: CliCommand = {
  name: 'approve',
  summary: 'let a proposal serve that has passed and waits for a person',
  define: (command, context) => {
    addServerOptions(command.argument('<campaign>', 'id of the campaign'))
      .option('--by <name>', 'who decides (default: the user of this shell)')
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
        context.run(async (campaignId: string, options: ServerOptions & { readonly by?: string }) => {
          const by = personOf(options.by, context.environment);
          const atMs = systemClock.now();
          const decision = await withDatabase(
            { options, context },
            'writer',
            async (store) =>
              await decideByHand(store, campaignId, {
                action: 'approve',
                by,
                reason: null,
                atMs,
                decide: (campaign) => approveCampaign(campaign, by, atMs),
              }),
          );
          if (decision.kind === 'refused') {
            context.printError(`ratchet: ${campaignId} was not approved: ${decision.reason}\n`);
            return exitCodes.failed;
          }
          context.print(`${campaignId} approved by ${by}; the gate admits it in its next cycle\n`);
          return exitCodes.ok;
        }),
      );
  },
};
