import { Command, CommanderError } from 'commander';
import { RatchetError, type ErrorCode } from '../domain/ratchet-error.ts';
import { readPackage } from '../runtime/node-version.ts';
import { exitCodes, type CliContext } from './cli-command.ts';
import { commandGroups } from './commands.ts';
import { guardIds, unguardIds } from './dashed-ids.ts';
import { harmless } from './terminal-text.ts';

/** The process as the command line sees it. */
export type CliProcess = Pick<CliContext, 'environment' | 'folder' | 'print' | 'printError' | 'terminal'>;

/** What is wrong with the words that were given, and not with the world. */
const usageErrors: readonly ErrorCode[] = ['invalid_configuration', 'invalid_request'];

/**
 * Runs a command line (without interpreter and script) and resolves to the exit code: 0 done, 1 failed, 2 the command
 * line or the configuration is wrong.
 */
export async function runProgram(words: readonly string[], process: CliProcess): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const context: CliContext = {
    ...process,
    run:
      (work) =>
      async (...parameters) => {
        exitCode = await work(...unguardIds(parameters));
      },
  };
  const program = createProgram(context);
  try {
    if (words.length === 0) program.help({ error: true });
    await program.parseAsync([...guardIds(words, longOptions(program))], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof RatchetError)) throw error;
    process.printError(`ratchet: ${error.message.split('\n').map(harmless).join('\n')}\n`);
    return usageErrors.includes(error.code) ? exitCodes.usage : exitCodes.failed;
  }
}

function longOptions(program: Command): ReadonlySet<string> {
  return new Set(program.commands.flatMap(({ options }) => options.flatMap(({ long }) => long ?? [])));
}

/** Every command with its options and examples, as the help shows them; it runs what `context.run` lets it. */
export function createProgram(context: CliContext): Command {
  const program = new Command('ratchet')
    .description(
      'An OpenAI-compatible proxy that improves the prompts of live agents, and lets none of them get worse.',
    )
    .version(readPackage().version)
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Commands that see or change something ask the server that --server or RATCHET_SERVER names, else the database; report, review,
verdict and doctor need the database.

Exit codes: 0 done, 1 failed, 2 the command line or the configuration is wrong.`,
    );
  for (const { heading, commands } of commandGroups)
    for (const { name, summary, define } of commands)
      define(program.command(name).helpGroup(heading).summary(summary).description(summary), context);
  for (const command of [program, ...program.commands])
    command
      .exitOverride()
      .showSuggestionAfterError()
      .allowExcessArguments(false)
      .configureOutput({
        writeOut: context.print,
        writeErr: context.printError,
        getOutHelpWidth: () => context.terminal?.columns ?? 80,
      });
  return program;
}
