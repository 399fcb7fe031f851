import { html } from 'hono/html';
import { planTag } from '../../api/etag.ts';
import type { TaskDetail } from '../../task-view.ts';
import { actionButton } from '../action-button.ts';
import { badge } from '../badge.ts';
import type { Crumb, Html } from '../console-page.ts';
import { cutText } from '../cut-text.ts';
import { taskHref } from '../hrefs.ts';
import { tabs } from '../tabs.ts';

/** Pages about one task, by what follows its own address. */
const places = [
  { title: 'Task', below: '', isForOperators: false },
  { title: 'Variants', below: '/variants', isForOperators: false },
  { title: 'Plans', below: '/plans', isForOperators: false },
  { title: 'Propose an edit', below: '/propose', isForOperators: true },
] as const;

/** What stands above every page about a task: its name, its state, what can be done, and where else to look. */
export function taskHead(
  task: TaskDetail,
  below: (typeof places)[number]['below'],
  isOperator: boolean,
): Html {
  const href = taskHref(task.id);
  return html`<div class="head">
      <h1>${cutText(task.name, 90)}</h1>
      ${taskMarks(task)} ${isOperator ? html`<div class="actions">${orders(task)}</div>` : ''}
    </div>
    ${tabs(
      'About this task',
      places
        .filter(({ isForOperators }) => isOperator || !isForOperators)
        .map((place) => ({ title: place.title, href: href + place.below, isHere: place.below === below })),
    )}`;
}

/** Where the pages about a task are in the console. */
export function taskCrumbs(task?: Pick<TaskDetail, 'id' | 'name'>): readonly Crumb[] {
  const tasks = { title: 'Tasks', href: '/console' };
  return task === undefined ? [tasks] : [tasks, { title: task.name.slice(0, 60), href: taskHref(task.id) }];
}

/** What is out of the ordinary about a task. */
export function taskMarks({ paused, pinnedId }: Pick<TaskDetail, 'paused' | 'pinnedId'>): Html {
  return html`${paused ? badge('paused', 'watch', `Learning stands still by order of ${paused.by}`) : ''}
  ${pinnedId === null ? '' : badge('pinned', 'watch', 'One arm takes all traffic by order of an operator')}`;
}

function orders({ id, paused, pinnedId, planVersion }: TaskDetail): Html {
  const back = taskHref(id);
  return html`${
    pinnedId === null
      ? ''
      : actionButton({
          label: 'Unpin',
          path: `${back}/unpin`,
          back,
          seen: planTag({ version: planVersion }),
        })
  }${
    paused
      ? actionButton({ label: 'Resume learning', path: `${back}/resume`, back })
      : actionButton({ label: 'Pause learning', path: `${back}/pause`, back })
  }`;
}
