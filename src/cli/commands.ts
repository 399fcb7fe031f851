import { approveCommand } from './approve.ts';
import { backupCommand } from './backup.ts';
import type { CliCommand } from './cli-command.ts';
import { creditCommand } from './credit.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { migrateCommand } from './migrate.ts';
import { rejectCommand } from './reject.ts';
import { reportCommand } from './report.ts';
import { reviewCommand } from './review.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';
import { verdictCommand } from './verdict.ts';

/** Every command, in the order of the help. */
export const commands: readonly CliCommand[] = [
  serveCommand,
  demoCommand,
  simulateCommand,
  reviewCommand,
  approveCommand,
  rejectCommand,
  verdictCommand,
  creditCommand,
  reportCommand,
  doctorCommand,
  migrateCommand,
  backupCommand,
  schemaCommand,
];
