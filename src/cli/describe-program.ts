import type { Argument, Command, Option } from 'commander';

/** A command as shells complete it. */
export interface CommandDescription {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionDescription[];
  /** Words that its arguments may be. */
  readonly choices: readonly string[];
}

/** An option of a command. */
export interface OptionDescription {
  /** With its dashes. */
  readonly long: string;
  /** With its dash; `null`: there is none. */
  readonly short: string | null;
  readonly summary: string;
  /** Whether a value follows, and what it may be; no choices: anything. */
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** The commands of a program with all that they take, help included. */
export function describeProgram(program: Command): readonly CommandDescription[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.flatMap(describeOption), help],
    choices: command.registeredArguments.flatMap(({ argChoices }: Argument) => argChoices ?? []),
  }));
}

const help: OptionDescription = {
  long: '--help',
  short: '-h',
  summary: 'show help',
  takesValue: false,
  choices: [],
};

function describeOption({
  long,
  short,
  description,
  required,
  optional,
  argChoices,
}: Option): readonly OptionDescription[] {
  if (long === undefined || long === null) return [];
  return [
    {
      long,
      short: short ?? null,
      summary: description,
      takesValue: required || optional,
      choices: argChoices ?? [],
    },
  ];
}
