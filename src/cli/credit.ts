import { systemClock } from '../runtime/system-clock.ts';
import { readCredit } from '../gate/read-credit.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { creditLines } from './credit-lines.ts';
import { findTask } from './find-task.ts';
import { withDatabase } from './open-database.ts';
import { addServerOptions, type ServerOptions } from './server-options.ts';

/** `ratchet credit`: what each edit is worth. */
export const creditCommand: CliCommand = {
  name: 'credit',
  summary: "show what each edit of a task's prompt is worth",
  define: (command, context) => {
    addServerOptions(command.argument('<task>', 'id or name of the task'))
      .option('--json', 'print one JSON object (default: text for people)')
      .addHelpText(
        'after',
        `
Needs the database alone. An effect is on the reward, between prompts that differ in this edit alone and served side by
side; where there were none it is "not identified". Intervals (95 %) are for one look at one edit.

Examples:
  ratchet credit support-triage
  ratchet credit support-triage --json`,
      )
      .action(
        context.run(async (name: string, options: ServerOptions & { readonly json?: true }) => {
          const { task, credit } = await withDatabase({ options, context }, 'reader', async (store) => {
            const view = await findTask(store, name);
            return { task: view.task, credit: await readCredit(view, store, systemClock.now()) };
          });
          const whole = { taskId: task.id, taskName: task.name, ...credit };
          context.print(`${options.json ? JSON.stringify(whole) : creditLines(credit).join('\n')}\n`);
          return exitCodes.ok;
        }),
      );
  },
};
