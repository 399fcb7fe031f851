import { z } from 'zod';
import type { CreditReport } from '../../domain/credit-report.ts';
import type { WatchEvent } from '../../domain/gate-state.ts';
import type { BudgetConfig, TaskConfig } from '../../domain/task.ts';
import type { DaySpend } from '../../store/spend-store.ts';
import type { ArmView, TaskDetail, TaskSummary } from '../task-view.ts';
import { atMs, pageSchema, share, stored } from './parts.schema.ts';
import type { Page } from './page.ts';
import { editSchema, planSchema, spendSchema } from './plan.schema.ts';

const summaryFields = {
  id: z.string(),
  name: z.string(),
  scope: z.string(),
  createdAtMs: atMs,
  baselineVersion: z.number().int(),
  planVersion: z.number().int(),
  incumbentId: z.string(),
  pinnedId: z.string().nullable(),
  arms: z.number().int(),
  feedbacks: z.number().describe('Feedbacks that moved the bandit.'),
  value: z
    .object({ incumbent: z.number().nullable(), baseline: z.number().nullable() })
    .describe('Recent mean reward of the incumbent and of the agent’s own prompt.'),
};

const learningState = z.object({ isOn: z.boolean(), reason: z.string() });

const summary: z.ZodType<TaskSummary> = z.object(summaryFields).meta({ id: 'TaskSummary' });

/** A list of tasks, and whether anything is learned. */
export interface TaskPage extends Page<TaskSummary> {
  readonly learning: { readonly isOn: boolean; readonly reason: string };
}

/** Tasks. */
export const taskPageSchema: z.ZodType<TaskPage> = z.object({
  items: z.array(summary),
  next: z.string().nullable(),
  learning: learningState,
});

const armSchema: z.ZodType<ArmView> = z
  .object({
    variantId: z.string(),
    status: z.string(),
    cap: share,
    probability: share.describe('Of a new conversation.'),
    meanReward: share.nullable().describe('Recent mean; null before the first feedback.'),
    low: share.nullable().describe('Lower end of an approximate 95 % interval of one look.'),
    high: share.nullable(),
    observations: z.number().describe('Recent number of observations; older ones count less.'),
    edits: z.array(editSchema),
  })
  .meta({ id: 'ArmView' });

/** One task. */
export const taskSchema: z.ZodType<TaskDetail> = z
  .object({
    ...summaryFields,
    baselineText: z.string().describe('The agent’s own prompt, slots as {{name}}.'),
    prompt: z.string().describe('What the incumbent makes of it.'),
    config: stored<TaskConfig>('The task’s settings as they hold now.'),
    plan: planSchema,
    armDetails: z.array(armSchema),
    openCampaigns: z.number().int(),
    paused: z.object({ by: z.string(), atMs }).nullable(),
    spend: z.object({ today: spendSchema, total: spendSchema }),
  })
  .meta({ id: 'Task' });

/** A version of the agent's own prompt. */
export interface BaselineView {
  readonly version: number;
  readonly isPresent: boolean;
  readonly text: string;
  readonly slots: readonly string[];
  readonly stableFor: number;
}

/** Baselines, newest first. */
export const baselinesSchema: z.ZodType<{ readonly items: readonly BaselineView[] }> = z.object({
  items: z.array(
    z
      .object({
        version: z.number().int(),
        isPresent: z.boolean(),
        text: z.string(),
        slots: z.array(z.string()),
        stableFor: z.number().describe('Prompts that have matched it since it last changed.'),
      })
      .meta({ id: 'Baseline' }),
  ),
});

/** What of a prompt stays, is added and is taken away. */
export interface DiffPart {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** A prompt before and after. */
export interface PromptDiff {
  readonly fromId: string;
  readonly toId: string;
  readonly before: string;
  /** `null` where the edits have no place in the baseline that they were written for. */
  readonly after: string | null;
  readonly parts: readonly DiffPart[];
}

/** A diff of prompts. */
export const diffSchema: z.ZodType<PromptDiff> = z
  .object({
    fromId: z.string(),
    toId: z.string(),
    before: z.string(),
    after: z.string().nullable(),
    parts: z
      .array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() }))
      .describe('Word by word; the texts of all parts but the added ones make the first prompt.'),
  })
  .meta({ id: 'PromptDiff' });

/** A variant with where it stands. */
export interface VariantView {
  readonly id: string;
  readonly taskId: string;
  readonly baselineVersion: number;
  readonly edits: TaskDetail['armDetails'][number]['edits'];
  /** Status of its arm; `former` or `proposed` without one. */
  readonly status: string;
  readonly probability: number;
  readonly parentId: string | null;
  readonly campaignIds: readonly string[];
}

const variantFields = {
  id: z.string(),
  taskId: z.string(),
  baselineVersion: z.number().int(),
  edits: z.array(editSchema),
  status: z.enum(['baseline', 'incumbent', 'canary', 'superseded', 'former', 'proposed']),
  probability: share,
  parentId: z.string().nullable().describe('The variant that it was built upon.'),
  campaignIds: z.array(z.string()),
};

/** Variants. */
export const variantPageSchema: z.ZodType<Page<VariantView>> = pageSchema(
  z.object(variantFields).meta({ id: 'Variant' }),
);

/** A variant with its prompt. */
export interface VariantDetail extends VariantView {
  readonly prompt: PromptDiff;
  readonly needs: readonly (readonly number[])[];
}

/** A variant with its prompt, and which of its edits stands in which. */
export const variantDetailSchema: z.ZodType<VariantDetail> = z
  .object({
    ...variantFields,
    prompt: diffSchema.describe('Against the agent’s own prompt.'),
    needs: z
      .array(z.array(z.number().int()))
      .describe(
        'For each edit the places (from 0) of those before it that it cannot do without, since its phrase stands in text that they put in.',
      ),
  })
  .meta({ id: 'VariantDetail' });

/** What learning may cost and has cost. */
export interface SpendView {
  readonly budget: BudgetConfig;
  readonly today: DaySpend;
  readonly total: Omit<DaySpend, 'day'>;
  readonly days: readonly DaySpend[];
  readonly errorBudget: ErrorBudgetView;
}

/** The error budget in figures. */
export interface ErrorBudgetView {
  readonly alpha: number;
  readonly block: number | 'life';
  /** Tests started in the task's life, and in the present block. */
  readonly tests: number;
  readonly testsInBlock: number;
  readonly promotionsInBlock: number;
  /** Level that the next test would have. */
  readonly nextAlphaLevel: number;
}

const daySpend: z.ZodType<DaySpend> = z.object({
  day: z.number().int().describe('UTC day, in days since the epoch.'),
  usd: z.number(),
  shadowRequests: z.number(),
  optimizerCalls: z.number(),
  judgeCalls: z.number(),
  optimizerTokens: z.number(),
});

/** The error budget. */
export const errorBudgetSchema: z.ZodType<ErrorBudgetView> = z
  .object({
    alpha: z.number(),
    block: z.union([z.number(), z.literal('life')]),
    tests: z.number(),
    testsInBlock: z.number(),
    promotionsInBlock: z.number(),
    nextAlphaLevel: z.number(),
  })
  .meta({ id: 'ErrorBudget' });

/** Budgets. */
export const spendViewSchema: z.ZodType<SpendView> = z
  .object({
    budget: z.object({
      usdPerDay: z.number(),
      shadowRequestsPerDay: z.number(),
      exploreShare: share,
    }),
    today: daySpend,
    total: spendSchema,
    days: z.array(daySpend),
    errorBudget: errorBudgetSchema,
  })
  .meta({ id: 'TaskSpend' });

/** What the edits are worth; `null` before the gate's first look. */
export const creditSchema: z.ZodType<{ readonly credit: CreditReport | null }> = z.object({
  credit: z
    .object({
      atMs,
      atFeedback: z.number(),
      episodes: z.number(),
      edits: z.array(
        z.object({
          key: z.string(),
          edit: editSchema,
          isServing: z.boolean(),
          tokens: z.number(),
          verdict: z.enum(['positive', 'negative', 'neutral', 'unclear', 'not-identified']),
          reason: z.string().nullable(),
          effect: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable(),
          contexts: z.number(),
          agreement: share,
          episodesWith: z.number(),
          episodesWithout: z.number(),
          isRemovalProposed: z.boolean(),
        }),
      ),
    })
    .meta({ id: 'CreditReport' })
    .nullable(),
});

/** An event of the watch. */
export const watchEventSchema: z.ZodType<WatchEvent> = z
  .object({
    taskId: z.string(),
    atMs,
    variantId: z.string(),
    cause: z.enum(['regression', 'upstream-drift', 'undecided']),
    action: z.enum(['rolled-back', 'reset']),
    toVariantId: z.string().nullable(),
    editKey: z.exactOptional(z.string()),
    guard: z.exactOptional(z.string()),
  })
  .meta({ id: 'WatchEvent' });
