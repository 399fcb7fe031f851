import { Argument } from 'commander';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { completionScripts, type Shell } from './completion-scripts.ts';
import { describeProgram } from './describe-program.ts';

/** `ratchet completion`: what a shell completes command lines with. */
export const completionCommand: CliCommand = {
  name: 'completion',
  summary: 'print a script by which a shell completes commands and options',
  define: (command, context) => {
    command
      .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(completionScripts)))
      .addHelpText(
        'after',
        `
Examples:
  ratchet completion bash > ~/.local/share/bash-completion/completions/ratchet
  ratchet completion zsh > ~/.zfunc/_ratchet        # with ~/.zfunc in fpath, before compinit
  ratchet completion fish > ~/.config/fish/completions/ratchet.fish`,
      )
      .action(
        context.run(async (shell: Shell) => {
          context.print(completionScripts[shell](describeProgram(command.parent ?? command)));
          return exitCodes.ok;
        }),
      );
  },
};
