import type { CliCommand } from './cli-command.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { migrateCommand } from './migrate.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';

/** Every command, in the order of the help. */
export const commands: readonly CliCommand[] = [
  serveCommand,
  demoCommand,
  simulateCommand,
  doctorCommand,
  migrateCommand,
  schemaCommand,
];
