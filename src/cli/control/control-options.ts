import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { learningState } from '../../composition/announce.ts';
import { textOf } from '../../configuration/environment.ts';
import { invalidConfiguration } from '../../configuration/invalid-configuration.ts';
import type { CliContext } from '../cli-command.ts';
import { withDatabase } from '../open-database.ts';
import { personOf } from '../person.ts';
import { configOf } from '../server-options.ts';
import type { Control } from './control.ts';
import { createServerControl, type ServerAccess } from './server-control.ts';
import { createStoreControl } from './store-control.ts';

/** Options of commands that ask the control API. */
export interface ControlOptions {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly config?: string;
  readonly database?: string;
  readonly json?: true;
}

/** Options of commands that change something. */
export interface ActionOptions extends ControlOptions {
  readonly by?: string;
  readonly reason?: string;
}

/** Adds what a command needs to ask the control API. */
export function addControlOptions(command: Command): Command {
  return command
    .option('-s, --server <url>', 'ask this running server (RATCHET_SERVER; default: ask the database)')
    .option('--token-file <file>', 'file with the admin token for --server (default: RATCHET_ADMIN_TOKEN)')
    .option('-d, --database <address>', 'ask this database (RATCHET_DATABASE; default sqlite:./ratchet.db)')
    .option('-c, --config <file>', 'configuration file (RATCHET_CONFIG; default ./ratchet.yaml if it exists)')
    .option('--json', 'print JSON (default: text for people)');
}

/** Adds what a command needs to change something by the control API. */
export function addActionOptions(command: Command): Command {
  return addControlOptions(command).option(
    '--by <name>',
    'who decides, where the database is asked (default: the user of this shell); a server knows by the token',
  );
}

/** Adds why something is changed, where nobody has to say. */
export function addReasonOption(command: Command): Command {
  return command.option('--reason <text>', 'why, for whoever reads the audit log');
}

/** What a command was called with. */
export interface Call<Options extends ActionOptions = ActionOptions> {
  readonly options: Options;
  readonly context: CliContext;
}

/**
 * Works with the control API of a running server where one is named, else with the database, which is closed in the end.
 * `reader`: nothing will be changed.
 */
export async function withControl<Result>(
  { options, context }: Call,
  mode: 'reader' | 'writer',
  work: (control: Control) => Promise<Result>,
): Promise<Result> {
  const access = serverOf(options, context);
  if (access !== undefined) return work(createServerControl(access));
  if (options.tokenFile !== undefined) throw invalidConfiguration('--token-file', 'is for --server');
  const person = personOf(options.by, context.environment);
  const config = configOf(options, context);
  const learning = learningState(config);
  return withDatabase(
    { options, context },
    mode,
    async (store) => await work(createStoreControl({ store, learning, person })),
  );
}

/** The server to ask; one of this command line comes before the environment's, and so does a database. */
export function serverOf(options: ActionOptions, context: CliContext): ServerAccess | undefined {
  const { server, database, tokenFile, by } = options;
  if (server !== undefined && database !== undefined)
    throw invalidConfiguration('--server', 'give it or --database, not both');
  const address =
    server ?? (database === undefined ? textOf(context.environment['RATCHET_SERVER']) : undefined);
  if (address === undefined) return undefined;
  if (by !== undefined) throw invalidConfiguration('--by', 'a server knows who decides by the token');
  return {
    address: addressOf(address, server === undefined ? 'RATCHET_SERVER' : '--server'),
    token:
      tokenFile === undefined
        ? (textOf(context.environment['RATCHET_ADMIN_TOKEN']) ?? null)
        : tokenIn(resolve(context.folder, tokenFile)),
  };
}

function addressOf(text: string, setting: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw invalidConfiguration(setting, 'expected the address of a server, such as http://127.0.0.1:8787');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function tokenIn(file: string): string {
  let token: string | undefined;
  try {
    token = textOf(readFileSync(file, 'utf8'));
  } catch (error) {
    throw invalidConfiguration('--token-file', `${file} cannot be read`, error);
  }
  // A header takes no control characters, and an error about one would show the token.
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token))
    throw invalidConfiguration('--token-file', `${file} holds no token`);
  return token;
}
