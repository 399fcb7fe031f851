import { approveCommand } from './approve.ts';
import { backupCommand } from './backup.ts';
import { campaignCommand } from './campaign.ts';
import { campaignsCommand } from './campaigns.ts';
import type { CliCommand } from './cli-command.ts';
import { completionCommand } from './completion.ts';
import { creditCommand } from './credit.ts';
import { demoCommand } from './demo.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { forgetCommand } from './forget.ts';
import { keysCommand } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { pauseCommand } from './pause.ts';
import { pinCommand } from './pin.ts';
import { promoteCommand } from './promote.ts';
import { proposeCommand } from './propose.ts';
import { rejectCommand } from './reject.ts';
import { reportCommand } from './report.ts';
import { resumeCommand } from './resume.ts';
import { reviewCommand } from './review.ts';
import { rollbackCommand } from './rollback.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';
import { taskCommand } from './task.ts';
import { tasksCommand } from './tasks.ts';
import { unpinCommand } from './unpin.ts';
import { verdictCommand } from './verdict.ts';

/** Every command under the heading that the help puts it, in its order. */
export const commandGroups: readonly {
  readonly heading: string;
  readonly commands: readonly CliCommand[];
}[] = [
  { heading: 'Run:', commands: [serveCommand, demoCommand, simulateCommand] },
  {
    heading: 'See what it does, and why:',
    commands: [
      tasksCommand,
      taskCommand,
      campaignsCommand,
      campaignCommand,
      explainCommand,
      diffCommand,
      reviewCommand,
      verdictCommand,
      creditCommand,
      reportCommand,
    ],
  },
  {
    heading: 'Take the wheel:',
    commands: [
      proposeCommand,
      approveCommand,
      rejectCommand,
      promoteCommand,
      rollbackCommand,
      pauseCommand,
      resumeCommand,
      pinCommand,
      unpinCommand,
      forgetCommand,
    ],
  },
  {
    heading: 'Keep house:',
    commands: [
      exportCommand,
      keysCommand,
      doctorCommand,
      migrateCommand,
      backupCommand,
      schemaCommand,
      completionCommand,
    ],
  },
];

/** Every command, in the order of the help. */
export const commands: readonly CliCommand[] = commandGroups.flatMap((group) => group.commands);
