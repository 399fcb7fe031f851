import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import type { Config } from '../configuration/config.ts';
import type { CliContext } from './cli-command.ts';

/** Options that stand for the variables of the same name. */
export interface ServerOptions {
  readonly config?: string;
  readonly port?: string;
  readonly host?: string;
  readonly upstream?: string;
  readonly database?: string;
  readonly role?: string;
}

/** Adds the options of commands that read the configuration. */
export function addServerOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration file (RATCHET_CONFIG; default ./ratchet.yaml if it exists)')
    .option('-p, --port <number>', 'port to listen on (RATCHET_PORT; default 8787)')
    .option('--host <address>', 'address to listen on (RATCHET_HOST; default 127.0.0.1)')
    .option(
      '-u, --upstream <url>',
      'OpenAI-compatible service (RATCHET_UPSTREAM; default https://api.openai.com/v1)',
    )
    .option(
      '-d, --database <address>',
      'where everything is kept (RATCHET_DATABASE; default sqlite:./ratchet.db)',
    );
}

/** The configuration with the command line's options above the environment. */
export function configOf(options: ServerOptions, { environment, folder }: CliContext): Config {
  const given = {
    RATCHET_CONFIG: options.config,
    RATCHET_PORT: options.port,
    RATCHET_HOST: options.host,
    RATCHET_UPSTREAM: options.upstream,
    RATCHET_DATABASE: options.database,
    RATCHET_ROLE: options.role,
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return loadConfig({ ...environment, ...set }, folder);
}
