import { listCampaigns } from '../../api/campaigns.ts';
import { listWatchEvents, readLearner } from '../../api/learner.ts';
import { readSeries } from '../../api/series.ts';
import { listBaselines, readCredit, readSpend, readTask } from '../../api/tasks.ts';
import { listVariants, readVariant } from '../../api/variants.ts';
import type { ConsolePage, PageRequest } from '../console-page.ts';
import { daysShown } from './budget-card.ts';
import { taskBody, type TaskKnowledge } from './task-body.ts';
import { taskCrumbs } from './task-head.ts';

/** Campaigns and events that the page shows; there are pages for the rest. */
const shownMax = '8';

/** One task: what it delivers, what serves, why, and what is being tried. */
export const taskPage: ConsolePage = {
  path: '/console/tasks/:task',
  show: async (request) => {
    const known = await readAll(request);
    return {
      title: known.task.name.slice(0, 60),
      crumbs: taskCrumbs(),
      live: known.task.id,
      scripts: ['uplot.js', 'series-chart.js'],
      styles: ['uplot.css'],
      body: taskBody(known, request),
    };
  },
};

async function readAll({ params, ask }: PageRequest): Promise<TaskKnowledge> {
  const task = await ask(readTask, { params });
  const [series, incumbent, baselines, { credit }, spend, learner, events, campaigns, variants] =
    await Promise.all([
      ask(readSeries, { params, query: { bins: '60' } }),
      ask(readVariant, { params: { ...params, variant: task.incumbentId } }),
      ask(listBaselines, { params }),
      ask(readCredit, { params }),
      ask(readSpend, { params, query: { days: String(daysShown) } }),
      ask(readLearner, { params }),
      ask(listWatchEvents, { params, query: { limit: shownMax } }),
      ask(listCampaigns, { query: { task: task.id, limit: shownMax } }),
      ask(listVariants, { params, query: { limit: '200' } }),
    ]);
  return {
    task,
    series,
    incumbent,
    slots: baselines.items.find(({ isPresent }) => isPresent)?.slots ?? [],
    credit,
    spend,
    learner,
    events: events.items,
    campaigns: campaigns.items,
    variants: variants.items,
  };
}
