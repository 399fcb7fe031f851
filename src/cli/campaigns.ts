import { Option } from 'commander';
import type { CampaignView } from '../console/api/campaign.schema.ts';
import { listCampaigns } from '../console/api/campaigns.ts';
import { campaignReason } from '../console/campaign-reason.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { askList } from './control/ask-list.ts';
import { addControlOptions, withControl, type ControlOptions } from './control/control-options.ts';
import { findTask } from './control/find.ts';
import { momentText, signed, unknown } from './lines/figures.ts';
import { addLimitOption } from './lines/limit-option.ts';
import { printAnswer } from './lines/print.ts';
import { tableLines, type Column } from './lines/table.ts';

const columns: readonly Column[] = [
  { title: 'CAMPAIGN' },
  { title: 'TASK', isFlexible: true },
  { title: 'STATE' },
  { title: 'OPTIMIZER' },
  { title: 'PROPOSED' },
  { title: 'PAIRS', align: 'right' },
  { title: 'EFFECT', align: 'right' },
  { title: 'REASON', isFlexible: true },
];

interface CampaignsOptions extends ControlOptions {
  readonly task?: string;
  readonly state: string;
  readonly limit: number;
}

/** `ratchet campaigns`: what was proposed, and what became of it. */
export const campaignsCommand: CliCommand = {
  name: 'campaigns',
  summary: 'list proposals and what became of them, newest first',
  define: (command, context) => {
    addLimitOption(
      addControlOptions(command)
        .option('--task <task>', 'only those of this task, by name or id')
        .addOption(
          new Option('--state <which>', 'waiting: passed, and needs your yes')
            .choices(['open', 'waiting', 'ended', 'all'])
            .default('all'),
        ),
    )
      .addHelpText(
        'after',
        `
EFFECT is the mean difference of scores between the proposal and the incumbent, over so many PAIRS. REASON is the gate's
verdict, or what ended a proposal that does not serve.

Examples:
  ratchet campaigns
  ratchet campaigns --state waiting
  ratchet campaigns --task support-triage --json | jq -r '.items[] | select(.state == "promoted") | .id'`,
      )
      .action(
        context.run(async (options: CampaignsOptions) => {
          const campaigns = await withControl({ options, context }, 'reader', async ({ ask }) => {
            const { task: name, state } = options;
            const query = name === undefined ? { state } : { state, task: (await findTask(ask, name)).id };
            return askList(ask, listCampaigns, { query }, options.limit);
          });
          const lines = (): readonly string[] =>
            campaigns.items.length === 0
              ? ['no such campaign']
              : [
                  ...tableLines(columns, campaigns.items.map(rowOf), context.terminal?.columns ?? null),
                  ...(campaigns.next === null ? [] : ['… older ones follow: see --limit']),
                ];
          printAnswer(context, options, { whole: campaigns, lines });
          return exitCodes.ok;
        }),
      );
  },
};

function rowOf(campaign: CampaignView): readonly string[] {
  const { evidence } = campaign.verdict ?? {};
  return [
    campaign.id,
    campaign.taskId,
    campaign.state,
    campaign.optimizer,
    momentText(campaign.proposedAtMs),
    String(evidence?.pairs ?? 0),
    typeof evidence?.meanDifference === 'number' ? signed(evidence.meanDifference) : unknown,
    reasonText(campaign),
  ];
}

function reasonText(campaign: CampaignView): string {
  const said = campaignReason(campaign);
  return campaign.isAwaitingApproval ? `waits: ${said}` : said;
}
