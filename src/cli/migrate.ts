import { existsSync } from 'node:fs';
import { banditFold } from '../bandit/fold.ts';
import { createSystemRandom } from '../runtime/system-random.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { nameOfDatabase } from '../store/database-location.ts';
import { openDatabase } from '../store/kysely/open-database.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { addServerOptions, configOf, type ServerOptions } from './server-options.ts';

/** `ratchet migrate`: the database in the form that this version needs. */
export const migrateCommand: CliCommand = {
  name: 'migrate',
  summary: 'create the database, or bring it up to date',
  define: (command, context) => {
    addServerOptions(command)
      .addHelpText(
        'after',
        `
ratchet serve does the same at start; run this first where the server may not change tables.

Examples:
  ratchet migrate
  ratchet migrate --database sqlite:/var/lib/ratchet/ratchet.db
  ratchet migrate --database postgres://ratchet:secret@db:5432/ratchet`,
      )
      .action(
        context.run(async (options: ServerOptions) => {
          const { database, retentionMs } = configOf(options, context);
          const isNew = database.kind === 'sqlite' && !existsSync(database.path);
          const { store } = await openDatabase(database, {
            fold: banditFold,
            clock: systemClock,
            random: createSystemRandom(),
            mode: 'writer',
            retentionMs,
          });
          await store.close();
          context.print(`${nameOfDatabase(database)} ${isNew ? 'created' : 'is up to date'}\n`);
          return exitCodes.ok;
        }),
      );
  },
};
