import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { banditFold } from '../bandit/fold.ts';
import { invalidConfiguration } from '../configuration/invalid-configuration.ts';
import { createSystemRandom } from '../runtime/system-random.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { nameOfDatabase, parseLocation, type DatabaseLocation } from '../store/database-location.ts';
import { copyTables } from '../store/kysely/copy-tables.ts';
import { openDatabase } from '../store/kysely/open-database.ts';
import { openTables } from '../store/kysely/open-tables.ts';
import { partitionDecisions } from '../store/kysely/partition-decisions.ts';
import { exitCodes, type CliCommand, type CliContext } from './cli-command.ts';
import { addServerOptions, configOf, type ServerOptions } from './server-options.ts';

interface MigrateOptions extends ServerOptions {
  readonly from?: string;
  readonly to?: string;
  readonly partition?: true;
}

/** `ratchet migrate`: the database in the form that this version needs, or at another place. */
export const migrateCommand: CliCommand = {
  name: 'migrate',
  summary: 'create the database, bring it up to date, or move it to another place',
  define: (command, context) => {
    addServerOptions(command)
      .option('--from <address>', 'copy everything from this database …')
      .option('--to <address>', '… to this one, and compare counts and sums')
      .option('--partition', 'PostgreSQL: divide the decisions by time, so that old ones are dropped whole')
      .addHelpText(
        'after',
        `
ratchet serve brings its database up to date at start; run this first where the server may not change tables.

Stop all servers before you copy. A copy may be broken off and repeated; it exits with 1 where source and target differ
afterwards. Decision ids stay valid, since the key that signs them moves too.

--partition may run while servers do, once all of them are of this version. What is past retention then goes with its
division, up to a tenth of the retention later. See docs/scaling.md for when it is worth it.

Examples:
  ratchet migrate
  ratchet migrate --database postgres://ratchet:secret@db:5432/ratchet
  ratchet migrate --from sqlite:./ratchet.db --to postgres://ratchet:secret@db:5432/ratchet`,
      )
      .action(
        context.run(async ({ from, to, partition, ...options }: MigrateOptions) => {
          if (partition) return divide(options, context);
          if (from === undefined && to === undefined) return bringUpToDate(options, context);
          return copy(locationOf('--from', from, context), locationOf('--to', to, context), context);
        }),
      );
  },
};

async function bringUpToDate(options: ServerOptions, context: CliContext): Promise<number> {
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
}

async function divide(options: ServerOptions, context: CliContext): Promise<number> {
  const { database, retentionMs } = configOf(options, context);
  if (database.kind !== 'postgres')
    throw invalidConfiguration('--partition', 'divides tables of PostgreSQL; SQLite needs none of that');
  await (await openTables(database, 'writer')).destroy();
  const isNew = await partitionDecisions({ url: database.url, retentionMs, nowMs: systemClock.now() });
  context.print(
    `the decisions of ${nameOfDatabase(database)} ${isNew ? 'are divided now' : 'were divided before'}\n`,
  );
  return exitCodes.ok;
}

async function copy(from: DatabaseLocation, to: DatabaseLocation, context: CliContext): Promise<number> {
  if (from.kind === 'sqlite' && !existsSync(from.path))
    throw invalidConfiguration('--from', `there is no database at ${from.path}`);
  if (nameOfDatabase(from) === nameOfDatabase(to))
    throw invalidConfiguration('--to', 'is the same database as --from');
  // As a writer: what is copied has to have the tables of this version.
  const source = await openTables(from, 'writer');
  try {
    const target = await openTables(to, 'writer');
    try {
      const copied = await copyTables(source, target, ({ table, rows, differences }) =>
        context.print(
          `${table.padEnd(14)} ${String(rows).padStart(10)} rows  ${differences.length === 0 ? 'equal' : differences.join('; ')}\n`,
        ),
      );
      const wrong = copied.filter(({ differences }) => differences.length > 0);
      if (wrong.length === 0) {
        context.print(`${nameOfDatabase(to)} has all of ${nameOfDatabase(from)}\n`);
        return exitCodes.ok;
      }
      context.printError(
        `${wrong.map(({ table }) => table).join(', ')} differ: was somebody writing, or had the target rows of its own?\n`,
      );
      return exitCodes.failed;
    } finally {
      await target.destroy();
    }
  } finally {
    await source.destroy();
  }
}

function locationOf(option: string, text: string | undefined, { folder }: CliContext): DatabaseLocation {
  const other = option === '--from' ? '--to' : '--from';
  if (text === undefined) throw invalidConfiguration(option, `is needed beside ${other}`);
  const location = parseLocation(text, (path) => resolve(folder, path));
  if (location === undefined)
    throw invalidConfiguration(
      option,
      'expected sqlite:<path> or postgres://user:password@host:5432/database',
    );
  return location;
}
