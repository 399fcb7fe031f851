import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { RatchetError } from '../domain/ratchet-error.ts';
import { nameOfDatabase } from '../store/database-location.ts';
import { backUpDatabase } from '../store/kysely/back-up.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { addServerOptions, configOf, type ServerOptions } from './server-options.ts';

/** `ratchet backup`: a copy of a SQLite database, also of one in use. */
export const backupCommand: CliCommand = {
  name: 'backup',
  summary: 'copy the SQLite database, while it is in use',
  define: (command, context) => {
    addServerOptions(command)
      .argument('<file>', 'the copy; must not exist yet')
      .addHelpText(
        'after',
        `
Everything acknowledged before the backup began is in the copy. It holds prompts, answers and the signing secret, and is
readable by its owner only. A PostgreSQL is copied by pg_dump; docs/operations.md has both ways, and the way back.

Examples:
  ratchet backup ratchet-monday.db
  ratchet backup --database sqlite:/var/lib/ratchet/ratchet.db /backup/ratchet-monday.db`,
      )
      .action(
        context.run(async (file: string, options: ServerOptions) => {
          const { database } = configOf(options, context);
          if (database.kind !== 'sqlite')
            throw new RatchetError(
              'invalid_configuration',
              `${nameOfDatabase(database)} is on a server. Copy it with pg_dump --format=custom --file=${file}`,
            );
          if (!existsSync(database.path))
            throw new RatchetError('store_unavailable', `there is no database at ${database.path}`);
          const copy = resolve(context.folder, file);
          const bytes = backUpDatabase(database.path, copy);
          context.print(`${database.path} copied to ${copy}, ${(bytes / 1e6).toFixed(1)} MB\n`);
          return exitCodes.ok;
        }),
      );
  },
};
