import { Command, CommanderError } from 'commander';
import { RatchetError } from '../domain/ratchet-error.ts';
import { readPackage } from '../runtime/node-version.ts';
import { exitCodes, type CliContext } from './cli-command.ts';
import { commands } from './commands.ts';

/** The process as the command line sees it. */
export type CliProcess = Pick<CliContext, 'environment' | 'folder' | 'print' | 'printError'>;

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
        exitCode = await work(...parameters);
      },
  };
  const program = createProgram(context);
  try {
    if (words.length === 0) program.help({ error: true });
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof RatchetError)) throw error;
    process.printError(`ratchet: ${error.message}\n`);
    return error.code === 'invalid_configuration' ? exitCodes.usage : exitCodes.failed;
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('ratchet')
    .description(
      'An OpenAI-compatible proxy that improves the prompts of live agents, and lets none of them get worse.',
    )
    .version(readPackage().version)
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 the command line or the configuration is wrong.',
    );
  for (const { name, summary, define } of commands)
    define(program.command(name).summary(summary).description(summary), context);
  for (const command of [program, ...program.commands])
    command
      .exitOverride()
      .showSuggestionAfterError()
      .allowExcessArguments(false)
      .configureOutput({ writeOut: context.print, writeErr: context.printError });
  return program;
}
