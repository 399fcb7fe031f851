import { z } from 'zod';
import type { Attribution } from '../../domain/decision.ts';
import { momentField, nameField, partFields, type PartQuery } from './parts.schema.ts';

const flag = z.enum(['true']).optional();

/** Of a list of tasks. */
export interface TaskListQuery extends PartQuery {
  readonly name?: string | undefined;
  readonly search?: string | undefined;
  readonly order: 'id' | 'name' | 'feedbacks';
}
export const taskListQuery: z.ZodType<TaskListQuery> = z.object({
  ...partFields,
  name: nameField.describe('Only tasks of this name.'),
  search: nameField.describe('Only tasks whose name contains this, in capitals or not.'),
  order: z.enum(['id', 'name', 'feedbacks']).default('id').describe('feedbacks: most first.'),
});

/** How many days of spend. */
export const spendQuery: z.ZodType<{ readonly days: number }> = z.object({
  days: z.coerce.number().int().gte(1).lte(366).default(30).describe('UTC days, today included.'),
});

/** Two variants. */
export const diffQuery: z.ZodType<{ readonly from: string; readonly to: string }> = z.object({
  from: z.string().default('baseline').describe('Id of a variant.'),
  to: z.string().describe('Id of a variant.'),
});

/** Of a list of campaigns. */
export interface CampaignListQuery extends PartQuery {
  readonly task?: string | undefined;
  readonly state: 'open' | 'waiting' | 'ended' | 'all';
}
export const campaignListQuery: z.ZodType<CampaignListQuery> = z.object({
  ...partFields,
  task: nameField.describe('Only campaigns of the task with this id.'),
  state: z
    .enum(['open', 'waiting', 'ended', 'all'])
    .default('all')
    .describe('waiting: passed, and a person’s yes is missing where one is asked for.'),
});

/** Of a search for decisions. */
export interface DecisionListQuery extends PartQuery {
  readonly id?: string | undefined;
  readonly completion?: string | undefined;
  readonly episode?: string | undefined;
  readonly task?: string | undefined;
  readonly variant?: string | undefined;
  readonly segment?: string | undefined;
  readonly scope?: string | undefined;
  readonly attribution?: Attribution | undefined;
  readonly rewarded?: 'true' | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly order: 'newest' | 'oldest';
}
export const decisionListQuery: z.ZodType<DecisionListQuery> = z.object({
  ...partFields,
  id: nameField.describe('Id of the decision.'),
  completion: nameField.describe('Completion or response id.'),
  episode: nameField.describe('Id of the episode.'),
  task: nameField.describe('Id of the task.'),
  variant: nameField,
  segment: nameField,
  scope: nameField,
  attribution: z.enum(['drawn', 'pinned', 'unattributed', 'removed']).optional(),
  rewarded: flag.describe('Only those with a reward.'),
  since: momentField.describe('Decided after this moment.'),
  until: momentField.describe('Decided at or before this moment.'),
  order: z.enum(['newest', 'oldest']).default('newest'),
});

/** Of a search for feedback. */
export interface FeedbackListQuery extends PartQuery {
  readonly task?: string | undefined;
  readonly episode?: string | undefined;
  readonly decision?: string | undefined;
  readonly scope?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}
export const feedbackListQuery: z.ZodType<FeedbackListQuery> = z.object({
  ...partFields,
  task: nameField,
  episode: nameField,
  decision: nameField,
  scope: nameField,
  since: momentField.describe('Given after this moment.'),
  until: momentField.describe('Given at or before this moment.'),
});

/** Of a log. */
export interface LogQuery extends PartQuery {
  readonly task?: string | undefined;
}
export const logQuery: z.ZodType<LogQuery> = z.object({
  ...partFields,
  task: nameField.describe('Only what concerns the task with this id.'),
});

/** Of a picture over time. */
export interface SeriesQuery {
  readonly since?: number | undefined;
  readonly bins: number;
  readonly episodes: number;
}
export const seriesQuery: z.ZodType<SeriesQuery> = z.object({
  since: momentField.describe('Only episodes decided after this moment.'),
  bins: z.coerce.number().int().gte(1).lte(200).default(48),
  episodes: z.coerce.number().int().gte(1).lte(5000).default(5000).describe('The newest ones, at most.'),
});
