import { html } from 'hono/html';
import { listTasks } from '../api/tasks.ts';
import type { ConsolePage } from './console-page.ts';

/** All tasks at a glance. */
export const overviewPage: ConsolePage = {
  path: '/console',
  show: async ({ ask }) => {
    const { items } = await ask(listTasks, { query: { limit: '200' } });
    return {
      title: 'Tasks',
      live: 'all',
      body: html`<h1>Tasks</h1>
        <p>${items.length}</p>`,
    };
  },
};
