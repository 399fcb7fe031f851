import { readCredit as readStoredCredit } from '../console/api/tasks.ts';
import type { CreditReport } from '../domain/credit-report.ts';
import { readCredit } from '../gate/read-credit.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import {
  addControlOptions,
  serverOf,
  withControl,
  type Call,
  type ControlOptions,
} from './control/control-options.ts';
import { findTask as findTaskOfServer } from './control/find.ts';
import { creditLines } from './credit-lines.ts';
import { findTask } from './find-task.ts';
import { printAnswer } from './lines/print.ts';
import { withDatabase } from './open-database.ts';

/** `ratchet credit`: what each edit is worth. */
export const creditCommand: CliCommand = {
  name: 'credit',
  summary: "show what each edit of a task's prompt is worth",
  define: (command, context) => {
    addControlOptions(command.argument('<task>', 'id or name of the task'))
      .addHelpText(
        'after',
        `
An effect is on the reward, between prompts that differ in this edit alone and served side by side; where there were none
it is "not identified". Intervals (95 %) are for one look at one edit. From a database it is computed now, from a server it
is what the gate found when it looked last.

Examples:
  ratchet credit support-triage
  ratchet credit support-triage --json`,
      )
      .action(
        context.run(async (name: string, options: ControlOptions) => {
          const { task, credit } = await readCreditOf(name, { options, context });
          const whole = { taskId: task.id, taskName: task.name, ...credit };
          const lines = (): readonly string[] =>
            credit === null ? ['the gate has not looked at it yet'] : creditLines(credit);
          printAnswer(context, options, { whole, lines });
          return exitCodes.ok;
        }),
      );
  },
};

interface TaskCredit {
  readonly task: { readonly id: string; readonly name: string };
  readonly credit: CreditReport | null;
}

async function readCreditOf(name: string, call: Call): Promise<TaskCredit> {
  if (serverOf(call.options, call.context) !== undefined)
    return withControl(call, 'reader', async ({ ask }) => {
      const task = await findTaskOfServer(ask, name);
      return { task, ...(await ask(readStoredCredit, { params: { task: task.id } })) };
    });
  return withDatabase(call, 'reader', async (store) => {
    const view = await findTask(store, name);
    return { task: view.task, credit: await readCredit(view, store, systemClock.now()) };
  });
}
