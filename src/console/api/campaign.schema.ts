import { z } from 'zod';
import type { Campaign, ScreeningLimit } from '../../domain/campaign.ts';
import type { EvidencePoint } from '../../domain/change-event.ts';
import type {
  BehaviourEvidence,
  EquivalenceEvidence,
  GuardrailEvidence,
  JudgeEvidence,
  ShadowCoverage,
} from '../../domain/verdict.ts';
import type { Evidence } from './evidence.ts';
import { atMs, share, stored } from './parts.schema.ts';
import { editSchema } from './plan.schema.ts';

/** A campaign as people read it. */
export interface CampaignView extends Pick<
  Campaign,
  | 'id'
  | 'taskId'
  | 'revision'
  | 'state'
  | 'incumbentId'
  | 'frozenAtMs'
  | 'screening'
  | 'alphaLevel'
  | 'canary'
  | 'history'
> {
  readonly variantId: string;
  readonly parentId: string;
  readonly baselineVersion: number;
  readonly edits: Campaign['proposal']['variant']['edits'];
  readonly optimizer: string;
  readonly purpose: 'improve' | 'prune';
  readonly originCampaignId: string | null;
  readonly shownDecisionIds: readonly string[];
  readonly costUsd: number;
  readonly proposedAtMs: number;
  readonly terms: Campaign['terms'] | null;
  readonly verdict: Campaign['verdict'];
  readonly approval: { readonly by: string; readonly atMs: number } | null;
  readonly byHand: { readonly by: string; readonly atMs: number } | null;
  /** Whether nothing but a person's yes is missing. */
  readonly isAwaitingApproval: boolean;
}

const state = z.enum([
  'proposed',
  'screened',
  'shadow',
  'canary',
  'promoted',
  'rejected',
  'inconclusive',
  'rolled-back',
]);
const logE = z.number().describe('Natural logarithm of an e-value.');
const yes = z.object({ by: z.string(), atMs });

const guardrail: z.ZodType<GuardrailEvidence> = z.object({
  name: z.string(),
  pairs: z.number(),
  margin: z.number(),
  logNonInferiority: logE,
  logThreshold: z.number(),
  isRequired: z.exactOptional(z.boolean()),
  logHarm: z.exactOptional(logE),
});
const coverage: z.ZodType<ShadowCoverage> = z
  .object({
    toolConversations: z.number(),
    notComparableShare: share.nullable(),
    unanswered: z.number(),
  })
  .describe('What the test could not see.');

const verdict: z.ZodType<NonNullable<Campaign['verdict']>> = z
  .object({
    kind: z.enum(['promote', 'reject', 'continue', 'inconclusive']),
    reason: z.string(),
    evidence: z.object({
      pairs: z.number(),
      meanDifference: z.number().nullable(),
      logSuperiority: logE,
      logHarm: logE,
      logFutility: logE,
      logThreshold: z.number().describe('What logSuperiority must reach.'),
      guardrails: z.array(guardrail).describe('Non-inferiority of each guardrail and slice.'),
      equivalence: z.exactOptional(stored<EquivalenceEvidence>('Present in equivalence mode.')),
      judge: z.exactOptional(stored<JudgeEvidence>('What the judge was worth; present where there is one.')),
      behaviour: z.exactOptional(stored<BehaviourEvidence>('How differently the candidate acts.')),
      coverage: z.exactOptional(coverage),
    }),
  })
  .meta({ id: 'Verdict' });

/** A campaign. */
export const campaignSchema: z.ZodType<CampaignView> = z
  .object({
    id: z.string(),
    taskId: z.string(),
    revision: z.number().int().describe('Grows with each change; the ETag is made of it.'),
    state,
    incumbentId: z.string(),
    frozenAtMs: atMs.describe('Only requests recorded later are evidence.'),
    screening: z
      .object({
        checks: z.array(
          z.object({
            limit: z.custom<ScreeningLimit>(() => true).meta({ type: 'string' }),
            value: z.number(),
            bound: z.number(),
            isPassed: z.boolean(),
          }),
        ),
        isPassed: z.boolean(),
      })
      .nullable(),
    alphaLevel: z.number().nullable().describe('Level of the test; null before it starts.'),
    canary: z.object({ startedAtMs: atMs, atFeedback: z.number() }).nullable(),
    history: z.array(z.object({ from: state, to: state, atMs, reason: z.string() })),
    variantId: z.string(),
    parentId: z.string(),
    baselineVersion: z.number().int(),
    edits: z.array(editSchema),
    optimizer: z.string().describe('Who proposed it; `by-hand`: a person.'),
    purpose: z.enum(['improve', 'prune']),
    originCampaignId: z.string().nullable(),
    shownDecisionIds: z.array(z.string()),
    costUsd: z.number(),
    proposedAtMs: atMs,
    terms: stored<NonNullable<Campaign['terms']>>('What the test has to show.').nullable(),
    verdict: verdict.nullable(),
    approval: yes.nullable().describe('Who let it serve.'),
    byHand: yes.nullable().describe('Who promoted it without the gate’s verdict.'),
    isAwaitingApproval: z.boolean(),
  })
  .meta({ id: 'Campaign' });

const effectFields = {
  pairs: z.number(),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
};

/** What the ledger of a campaign says. */
export const evidenceSchema: z.ZodType<Evidence> = z
  .object({
    effect: z
      .object(effectFields)
      .nullable()
      .describe('Candidate minus incumbent, with bounds that hold at all times (95 %).'),
    slices: z.array(z.object({ ...effectFields, segment: z.string() })),
    takes: z.array(
      z.object({
        name: z.enum(['cost', 'latency', 'tokens']),
        pairs: z.number(),
        ratio: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    ),
    lines: z
      .array(
        z.object({
          name: z.string(),
          hypothesis: z.string().describe('What is refuted where the bar is reached.'),
          logE,
          logThreshold: z.number(),
          effect: z.enum(['promote', 'reject']),
        }),
      )
      .describe('Every e-value beside its bar.'),
    agreement: z.enum(['agrees', 'behind', 'differs', 'none']),
    explanation: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'Evidence' });

/** A point of the path of a test, and when. */
export interface PathPoint extends EvidencePoint {
  readonly atMs: number;
  readonly state: Campaign['state'];
}

/** How the e-processes of a test went. */
export const pathSchema: z.ZodType<{ readonly points: readonly PathPoint[] }> = z.object({
  points: z.array(
    z
      .object({
        atMs,
        state,
        pairs: z.number(),
        meanDifference: z.number().nullable(),
        logSuperiority: logE,
        logHarm: logE,
        logFutility: logE,
        logThreshold: z.number(),
      })
      .meta({ id: 'EvidencePoint' }),
  ),
});
