import { randomBytes } from 'node:crypto';
import { Argument } from 'commander';
import { adminRoles, keyRoles } from '../configuration/api-keys.ts';
import type { Config } from '../configuration/config.ts';
import { invalidConfiguration } from '../configuration/invalid-configuration.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { printAnswer } from './lines/print.ts';
import { tableLines } from './lines/table.ts';
import { strengthOf } from './secret-strength.ts';
import { configOf, type ServerOptions } from './server-options.ts';

/** Bytes of a new secret: 256 bits. */
const secretBytes = 32;

interface KeysOptions extends Pick<ServerOptions, 'config'> {
  readonly roles?: string;
  readonly json?: true;
}

/** `ratchet keys`: who may come in. */
export const keysCommand: CliCommand = {
  name: 'keys',
  summary: 'list keys and admin tokens without their secrets, or make new ones',
  define: (command, context) => {
    command
      .addArgument(
        new Argument('[action]', 'what to do').choices(['list', 'new', 'new-admin']).default('list'),
      )
      .argument('[id]', 'new, new-admin: name of the key or token, which logs and the audit log show')
      .option(
        '--roles <roles>',
        'new: infer, feedback, trusted, joined by + (default: infer+feedback); new-admin: viewer or operator (default: viewer)',
      )
      .option(
        '-c, --config <file>',
        'configuration file (RATCHET_CONFIG; default ./ratchet.yaml if it exists)',
      )
      .option('--json', 'print one JSON object (default: text for people)')
      .addHelpText(
        'after',
        `
list reads the configuration of this shell, and exits with 1 where a secret looks easy to guess. new makes a random key for
RATCHET_KEYS, new-admin a token for RATCHET_ADMIN_TOKENS; neither changes anything, and a secret is shown this once.

Examples:
  ratchet keys
  ratchet keys new web --roles infer+feedback
  ratchet keys new-admin ada --roles operator
  ratchet keys new ci --json | jq -r .secret`,
      )
      .action(
        context.run(async (action: string, id: string | undefined, options: KeysOptions) => {
          const config = configOf(options, context);
          if (action !== 'list') {
            const made = makeKey(config, action === 'new-admin', { id, roles: options.roles });
            printAnswer(context, options, { whole: made, lines: () => madeLines(made) });
            return exitCodes.ok;
          }
          if (id !== undefined || options.roles !== undefined)
            throw invalidConfiguration('ratchet keys list', 'takes neither an id nor --roles');
          const known = describeKeys(config);
          const all = [...known.keys, ...known.adminTokens];
          const lines = (): readonly string[] =>
            all.length === 0
              ? ['no key and no admin token is configured; see ratchet keys --help']
              : knownLines(known, context.terminal?.columns ?? null);
          printAnswer(context, options, { whole: known, lines });
          return all.every(({ weakness }) => weakness === null) ? exitCodes.ok : exitCodes.failed;
        }),
      );
  },
};

interface KnownKey {
  readonly id: string;
  readonly roles: readonly string[];
  readonly weakness: string | null;
}

interface KnownKeys {
  readonly keys: readonly KnownKey[];
  readonly adminTokens: readonly KnownKey[];
}

function describeKeys({ keys, adminTokens }: Pick<Config, 'keys' | 'adminTokens'>): KnownKeys {
  return {
    keys: keys.map(({ id, roles, secret }) => ({ id, roles, weakness: strengthOf(secret).weakness })),
    adminTokens: adminTokens.map(({ id, role, secret }) => ({
      id,
      roles: [role],
      weakness: strengthOf(secret).weakness,
    })),
  };
}

function knownLines({ keys, adminTokens }: KnownKeys, columnsMax: number | null): readonly string[] {
  return tableLines(
    [{ title: 'KIND' }, { title: 'ID' }, { title: 'ROLES' }, { title: 'SECRET' }],
    [...keys.map((key) => rowOf('key', key)), ...adminTokens.map((token) => rowOf('admin token', token))],
    columnsMax,
  );
}

function rowOf(kind: string, { id, roles, weakness }: KnownKey): readonly string[] {
  return [kind, id, roles.join('+'), weakness === null ? 'looks random' : `WEAK: ${weakness}`];
}

interface MadeKey {
  readonly variable: 'RATCHET_KEYS' | 'RATCHET_ADMIN_TOKENS';
  readonly id: string;
  readonly roles: readonly string[];
  readonly secret: string;
  /** What the variable gets. */
  readonly entry: string;
}

function makeKey(
  { keys, adminTokens }: Pick<Config, 'keys' | 'adminTokens'>,
  isAdmin: boolean,
  wanted: { readonly id: string | undefined; readonly roles: string | undefined },
): MadeKey {
  const { id } = wanted;
  if (id === undefined || !/^[\w.-]{1,64}$/.test(id))
    throw invalidConfiguration('id', 'expected 1 to 64 letters, digits, _, . and -');
  if ((isAdmin ? adminTokens : keys).some((known) => known.id === id))
    throw invalidConfiguration('id', `there is a ${isAdmin ? 'token' : 'key'} "${id}" already`);
  const roles = (wanted.roles ?? (isAdmin ? 'viewer' : 'infer+feedback')).split('+');
  const possible: readonly string[] = isAdmin ? adminRoles : keyRoles;
  if (!roles.every((role) => possible.includes(role)) || (isAdmin && roles.length > 1))
    throw invalidConfiguration(
      '--roles',
      `expected ${isAdmin ? 'one of' : 'some of'} ${possible.join(', ')}${isAdmin ? '' : ', joined by +'}`,
    );
  const secret = randomBytes(secretBytes).toString('base64url');
  const variable = isAdmin ? 'RATCHET_ADMIN_TOKENS' : 'RATCHET_KEYS';
  return { variable, id, roles, secret, entry: `${id}:${secret}:${roles.join('+')}` };
}

function madeLines({ variable, entry, secret }: MadeKey): readonly string[] {
  return [
    `add to ${variable}, behind a comma where it has entries:`,
    `  ${entry}`,
    variable === 'RATCHET_KEYS'
      ? `clients send as their API key: ${secret}`
      : `its holder sends, or sets as RATCHET_ADMIN_TOKEN beside RATCHET_SERVER: ${secret}`,
    'it is kept nowhere; the server takes it when it starts anew',
  ];
}
