import { existsSync } from 'node:fs';
import { banditFold } from '../bandit/fold.ts';
import { createSystemRandom } from '../runtime/system-random.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { openSqliteStore } from '../store/kysely/sqlite-store.ts';
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
  ratchet migrate --database sqlite:/var/lib/ratchet/ratchet.db`,
      )
      .action(
        context.run(async (options: ServerOptions) => {
          const { databasePath, retentionMs } = configOf(options, context);
          const isNew = !existsSync(databasePath);
          const store = await openSqliteStore({
            path: databasePath,
            fold: banditFold,
            clock: systemClock,
            random: createSystemRandom(),
            mode: 'writer',
            retentionMs,
          });
          await store.close();
          context.print(`${databasePath} ${isNew ? 'created' : 'is up to date'}\n`);
          return exitCodes.ok;
        }),
      );
  },
};
