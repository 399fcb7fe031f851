import { z } from 'zod';
import type { GateState } from '../../domain/gate-state.ts';
import type { DrawnWording, Horizon } from '../../domain/proposal.ts';
import { atMs, stored } from './parts.schema.ts';
import { errorBudgetSchema, type ErrorBudgetView } from './task.schema.ts';

/** How far the learner and the gate have come with a task. */
export interface LearnerView {
  readonly isOn: boolean;
  readonly reason: string;
  readonly paused: { readonly by: string; readonly atMs: number } | null;
  readonly isHeld: boolean;
  readonly radius: number;
  readonly errorBudget: ErrorBudgetView;
  readonly openCampaigns: number;
  readonly openCampaignsMax: number;
  readonly baseline: { readonly version: number; readonly stableFor: number; readonly isSettled: boolean };
  readonly optimizers: readonly OptimizerView[];
  /** How the newest proposals came to be asked for; `null`: nobody was chosen yet. */
  readonly chosen: ChosenView | null;
  readonly trials: NonNullable<GateState['trials']>;
  readonly rebase: GateState['rebase'] | null;
  readonly pinnedRequests: GateState['pinned'] | null;
  readonly modelChangedAtMs: number | null;
  readonly alarms: readonly {
    readonly variantId: string;
    readonly raisedAtMs: number;
    readonly guard: string | null;
  }[];
}

/** What came of an optimizer's proposals. */
export interface OptimizerView {
  readonly name: string;
  readonly isConfigured: boolean;
  /** Campaigns by state. */
  readonly campaigns: Readonly<Record<string, number>>;
  readonly costUsd: number;
}

/** Whom the learner asked, how, and why. */
export interface ChosenView {
  readonly optimizer: string;
  readonly batchSize: number | null;
  readonly horizon: Horizon;
  readonly wording: DrawnWording | null;
  readonly reason: string | null;
  readonly atMs: number;
}

/** The state of the learner. */
export const learnerSchema: z.ZodType<LearnerView> = z
  .object({
    isOn: z.boolean().describe('Whether this server proposes anything.'),
    reason: z.string(),
    paused: z.object({ by: z.string(), atMs }).nullable(),
    isHeld: z.boolean().describe('Whether learning stands still: paused, or all traffic pinned.'),
    radius: z.number().describe('How large an edit may be, as a share of the prompt.'),
    errorBudget: errorBudgetSchema,
    openCampaigns: z.number(),
    openCampaignsMax: z.number(),
    baseline: z.object({ version: z.number(), stableFor: z.number(), isSettled: z.boolean() }),
    optimizers: z.array(
      z.object({
        name: z.string(),
        isConfigured: z.boolean(),
        campaigns: z.record(z.string(), z.number()),
        costUsd: z.number(),
      }),
    ),
    chosen: z
      .object({
        optimizer: z.string(),
        batchSize: z.number().nullable().describe('`null`: as many as the optimizer has it.'),
        horizon: z.enum(['step', 'episode']),
        wording: z
          .object({ id: z.string(), propensity: z.number() })
          .nullable()
          .describe(
            'How the optimizer’s own instruction was put, and how likely that was; `null`: without a draw.',
          ),
        reason: z.string().nullable().describe('`null`: from before it was kept.'),
        atMs,
      })
      .nullable()
      .describe('Whom the learner asked for the newest proposals, how, and why.'),
    trials: z.array(stored<NonNullable<GateState['trials']>[number]>('A variant that waits for a campaign.')),
    rebase: stored<NonNullable<GateState['rebase']>>(
      'What a new prompt takes over from the old one.',
    ).nullable(),
    pinnedRequests: stored<NonNullable<GateState['pinned']>>(
      'Requests asked again to notice a changed model.',
    ).nullable(),
    modelChangedAtMs: atMs.nullable(),
    alarms: z.array(z.object({ variantId: z.string(), raisedAtMs: atMs, guard: z.string().nullable() })),
  })
  .meta({ id: 'LearnerState' });
