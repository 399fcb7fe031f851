import type { CampaignView } from '../console/api/campaign.schema.ts';
import { readEvidence } from '../console/api/campaigns.ts';
import type { Evidence } from '../console/api/evidence.ts';
import type { PromptDiff } from '../console/api/task.schema.ts';
import { diffVariants } from '../console/api/variants.ts';
import { orNull } from '../console/pages/or-null.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { addControlOptions, withControl, type ControlOptions } from './control/control-options.ts';
import { findCampaign } from './control/find.ts';
import { momentText, moneyText } from './lines/figures.ts';
import { ledgerLines } from './lines/ledger-lines.ts';
import { paintedDiff } from './lines/painted-diff.ts';
import { paintOf, type Paint } from './lines/paint.ts';
import { printAnswer } from './lines/print.ts';
import { terminalText } from './terminal-text.ts';

const reasonLengthMax = 300;

interface ReadCampaign {
  readonly campaign: CampaignView;
  readonly evidence: Evidence;
  /** `null` where one of the variants is not known any more. */
  readonly diff: PromptDiff | null;
}

/** `ratchet campaign`: one proposal's life. */
export const campaignCommand: CliCommand = {
  name: 'campaign',
  summary: "show one proposal's life: change, screening, evidence, verdict",
  define: (command, context) => {
    addControlOptions(command.argument('<campaign>', 'id of the campaign, or its beginning'))
      .addHelpText(
        'after',
        `
The change is against the incumbent that the proposal was tested with. The evidence is made anew from the ledger. --json
has the API's answers as campaign, evidence and diff. ratchet review shows requests that were answered differently, too.

Examples:
  ratchet campaign 3kTfX2
  ratchet campaign 3kTfX2 --json | jq .evidence.effect`,
      )
      .action(
        context.run(async (name: string, options: ControlOptions) => {
          const read = await withControl({ options, context }, 'reader', async ({ ask }) => {
            const campaign = await findCampaign(ask, name);
            const { id, taskId, incumbentId, variantId } = campaign;
            const evidence = await ask(readEvidence, { params: { campaign: id } });
            const query = { from: incumbentId, to: variantId };
            const diff = await orNull(ask(diffVariants, { params: { task: taskId }, query }));
            return { campaign, evidence, diff };
          });
          const lines = (): readonly string[] => campaignLines(read, paintOf(context));
          printAnswer(context, options, { whole: read, lines });
          return exitCodes.ok;
        }),
      );
  },
};

function campaignLines({ campaign, evidence, diff }: ReadCampaign, paint: Paint): readonly string[] {
  const { verdict, approval, byHand, screening } = campaign;
  const checks = screening?.checks.filter(({ isPassed }) => !isPassed) ?? [];
  return [
    `${paint('bold', campaign.id)}  ${campaign.state}, of task ${campaign.taskId}`,
    `proposed   ${momentText(campaign.proposedAtMs)} by ${campaign.optimizer} to ${campaign.purpose}, for ${moneyText(campaign.costUsd)}`,
    `variant    ${campaign.variantId}, tested against ${campaign.incumbentId}`,
    `verdict    ${verdict === null ? 'none yet' : `${verdict.kind}: ${terminalText(verdict.reason, reasonLengthMax)}`}`,
    ...(campaign.isAwaitingApproval
      ? [`waits      for a person: ratchet approve ${campaign.id}, or ratchet reject ${campaign.id}`]
      : []),
    ...(approval === null ? [] : [`approved   by ${approval.by} ${momentText(approval.atMs)}`]),
    ...(byHand === null
      ? []
      : [`promoted   by hand by ${byHand.by} ${momentText(byHand.atMs)}, without a verdict`]),
    ...checks.map(({ limit, value, bound }) => `screened   out: ${limit} is ${value}, at most ${bound}`),
    '',
    'Change',
    ...campaign.edits.map(({ op, intent }) => `  ${op}: ${terminalText(intent, reasonLengthMax)}`),
    ...(diff?.after == null
      ? ['  its edits have no place in the prompt any more']
      : paintedDiff(diff.before, diff.after, paint)),
    '',
    ...ledgerLines(evidence),
    '',
    'History',
    ...campaign.history.map(
      ({ to, atMs, reason }) => `  ${momentText(atMs)}  ${to}: ${terminalText(reason, reasonLengthMax)}`,
    ),
  ];
}
