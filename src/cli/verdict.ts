import { recomputeVerdict } from '../gate/recompute-verdict.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { evidenceLines } from './evidence-lines.ts';
import { withDatabase } from './open-database.ts';
import { readCampaignWithTask } from './read-campaign.ts';
import { addServerOptions, type ServerOptions } from './server-options.ts';

/** `ratchet verdict`: does the stored verdict follow from the ledger? */
export const verdictCommand: CliCommand = {
  name: 'verdict',
  summary: 'recompute the verdict of a campaign from its ledger',
  define: (command, context) => {
    addServerOptions(command.argument('<campaign>', 'id of the campaign, or its beginning'))
      .option('--json', 'print one JSON object (default: text for people)')
      .addHelpText(
        'after',
        `
Needs the database alone. Exits with 1 where the stored verdict does not follow from the ledger.

Examples:
  ratchet verdict 3kTfX2
  ratchet verdict 3kTfX2 --json`,
      )
      .action(
        context.run(async (name: string, options: ServerOptions & { readonly json?: true }) => {
          const { campaign, found } = await withDatabase({ options, context }, 'reader', async (store) => {
            const read = await readCampaignWithTask(store, name);
            const ledger = await store.readLedger(read.campaign.id);
            return {
              campaign: read.campaign,
              found: recomputeVerdict(read.campaign, ledger, read.snapshot.task.config),
            };
          });
          const { id, state, verdict: stored, alphaLevel, terms } = campaign;
          const text = [
            `${id} is ${state}; level 1/${(1 / (alphaLevel ?? 0)).toFixed(0)}${terms === undefined ? ', terms of the present configuration' : ''}`,
            ...evidenceLines(found.lines),
            `stored      ${stored === null ? 'none' : `${stored.kind}: ${stored.reason}`}`,
            `recomputed  ${found.verdict.kind}: ${found.verdict.reason}`,
            `${found.agreement}: ${found.explanation}`,
          ].join('\n');
          const whole = { campaignId: id, state, alphaLevel, stored, ...found };
          context.print(`${options.json ? JSON.stringify(whole) : text}\n`);
          return found.agreement === 'differs' ? exitCodes.failed : exitCodes.ok;
        }),
      );
  },
};
