import type { Command } from 'commander';

/** One command of `ratchet`, one file each; see `commands.ts`. */
export interface CliCommand {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Adds options, examples and the action to a command that already has name and summary. */
  readonly define: (command: Command, context: CliContext) => void;
}

/** What a command may use of its process. */
export interface CliContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths refer to. */
  readonly folder: string;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Present where the output is a terminal: places of a line, and whether colours are wanted. */
  readonly terminal?: { readonly columns: number; readonly hasColour: boolean };
  /**
   * Wraps a command's work as its action. The number that the work resolves to is the exit code; a `RatchetError` is
   * printed in one line and exits with 1, or with 2 where the configuration is wrong.
   */
  readonly run: <Arguments extends readonly unknown[]>(
    work: (...parameters: Arguments) => Promise<number>,
  ) => (...parameters: Arguments) => Promise<void>;
}

/** What a command reports to the shell. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;
