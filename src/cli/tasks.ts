import { listTasks } from '../console/api/tasks.ts';
import type { TaskSummary } from '../console/task-view.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { askList } from './control/ask-list.ts';
import { addControlOptions, withControl, type ControlOptions } from './control/control-options.ts';
import { valueText } from './lines/figures.ts';
import { printAnswer } from './lines/print.ts';
import { tableLines, type Column } from './lines/table.ts';

const columns: readonly Column[] = [
  { title: 'TASK', isFlexible: true },
  { title: 'ID' },
  { title: 'PLAN', align: 'right' },
  { title: 'SERVES' },
  { title: 'VALUE', align: 'right' },
  { title: 'BASELINE', align: 'right' },
  { title: 'ARMS', align: 'right' },
  { title: 'FEEDBACK', align: 'right' },
];

/** `ratchet tasks`: what Ratchet improves. */
export const tasksCommand: CliCommand = {
  name: 'tasks',
  summary: 'list the tasks, what serves and what it is worth',
  define: (command, context) => {
    addControlOptions(command)
      .option('--search <text>', 'only tasks whose name contains this')
      .addHelpText(
        'after',
        `
SERVES is the incumbent, or the arm that takes all traffic (pinned). VALUE and BASELINE are recent mean rewards of the
incumbent and of the agent's own prompt.

Examples:
  ratchet tasks
  ratchet tasks --search support --server http://127.0.0.1:8787
  ratchet tasks --json | jq -r '.items[].id'`,
      )
      .action(
        context.run(async (options: ControlOptions & { readonly search?: string }) => {
          const { search } = options;
          const query = search === undefined ? {} : { search };
          const tasks = await withControl({ options, context }, 'reader', async ({ ask }) =>
            askList(ask, listTasks, { query: { ...query, order: 'name' } }),
          );
          const lines = (): readonly string[] =>
            tasks.items.length === 0
              ? ['no task yet: one appears with the first request that passes through the proxy']
              : tableLines(columns, tasks.items.map(rowOf), context.terminal?.columns ?? null);
          printAnswer(context, options, { whole: tasks, lines });
          return exitCodes.ok;
        }),
      );
  },
};

function rowOf(task: TaskSummary): readonly string[] {
  return [
    task.name,
    task.id,
    String(task.planVersion),
    task.pinnedId === null ? task.incumbentId : `${task.pinnedId} (pinned)`,
    valueText(task.value.incumbent),
    valueText(task.value.baseline),
    String(task.arms),
    String(Math.round(task.feedbacks)),
  ];
}
