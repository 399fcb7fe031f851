import type { Judging } from './judging.ts';
import type { Proposal } from './proposal.ts';
import type { TestTerms } from './test-terms.ts';
import type { Verdict } from './verdict.ts';

/** One proposal's life in the gate. */
export interface Campaign {
  readonly id: string;
  readonly taskId: string;
  /** Grows with each change; writes name the revision that they replace. */
  readonly revision: number;
  readonly state: CampaignState;
  readonly proposal: Proposal;
  /** The incumbent that the candidate is compared with. */
  readonly incumbentId: string;
  /** Evidence counts only from requests recorded after this moment. */
  readonly frozenAtMs: number;
  /** What screening found; `null` until then. */
  readonly screening: Screening | null;
  /** α_t of the test, fixed when shadow evaluation starts. */
  readonly alphaLevel: number | null;
  /** What the test has to show, fixed with its level; absent: what the task's configuration says. */
  readonly terms?: TestTerms;
  /** What the judge counts for in the test; absent before it starts, and without a judge. */
  readonly judging?: Judging;
  /** The newest verdict; kept while a passed proposal waits for a person. */
  readonly verdict: Verdict | null;
  /** The person who let it serve, where `approve: manual` asks for one; absent: nobody has. */
  readonly approval?: Approval;
  /** The person who promoted it without the gate's verdict; absent: nobody has. */
  readonly byHand?: Approval;
  /** When the arm was admitted, and `BanditState.feedbacks` then. */
  readonly canary: { readonly startedAtMs: number; readonly atFeedback: number } | null;
  readonly history: readonly CampaignMove[];
}

/** A person's yes, and when. */
export interface Approval {
  /** Who said so. */
  readonly by: string;
  readonly atMs: number;
}

export interface CampaignMove {
  readonly from: CampaignState;
  readonly to: CampaignState;
  readonly atMs: number;
  readonly reason: string;
}

/** Each limit that screening looked at; a proposal passes when none is exceeded. */
export interface Screening {
  readonly checks: readonly ScreeningCheck[];
  readonly isPassed: boolean;
}

/** A limit, what was found, and the most that is allowed. */
export interface ScreeningCheck {
  readonly limit: ScreeningLimit;
  readonly value: number;
  readonly bound: number;
  readonly isPassed: boolean;
}

/** What a proposal may be refused for before its test. Names are stored and shown: add, never rename. */
export type ScreeningLimit =
  /** Whether the variant serves already. */
  | 'arms-of-this-variant'
  /** Whether an edit's phrase is not in the prompt, and whether the edits change nothing. */
  | 'edits-without-place'
  | 'unchanged-prompts'
  /** Places in which slots, or placeholders and protected phrases, are not as they were. */
  | 'slots-changed'
  | 'protected-spans-changed'
  /** Sentences on the declared form of answers that are gone or altered. */
  | 'output-contract-changed'
  /** Tokens inserted, deleted or replaced, and the length of the candidate in tokens. */
  | 'edit-tokens'
  | 'tokens-over-parent'
  | 'tokens-over-baseline'
  /** 1 − cosine of the embeddings of parent and candidate. */
  | 'prompt-distance'
  /** Mean loss on past requests. */
  | 'held-out-loss';

export type CampaignState =
  'proposed' | 'screened' | 'shadow' | 'canary' | 'promoted' | 'rejected' | 'inconclusive' | 'rolled-back';

/** The one table of legal moves of the gate. States without moves are final. */
export const campaignMoves: Readonly<Record<CampaignState, readonly CampaignState[]>> = {
  proposed: ['screened', 'rejected', 'inconclusive'],
  screened: ['shadow', 'rejected', 'inconclusive'],
  shadow: ['canary', 'rejected', 'inconclusive'],
  canary: ['promoted', 'rejected', 'inconclusive', 'rolled-back'],
  promoted: ['rolled-back'],
  rejected: [],
  inconclusive: [],
  'rolled-back': [],
};

/** What a person may promote, without the gate's verdict: whatever is open and has been screened. */
export const promotableByHand: readonly CampaignState[] = ['screened', 'shadow', 'canary'];

/** Whether a campaign may move so: by the table, or by a person's word that the campaign then carries. */
export function isLegalMove(from: CampaignState, next: Pick<Campaign, 'state' | 'byHand'>): boolean {
  const isByHand = next.byHand !== undefined && next.state === 'promoted' && promotableByHand.includes(from);
  return isByHand || campaignMoves[from].includes(next.state);
}

/** A campaign that still spends evidence or traffic on the way to a promotion. */
export function isOpen(state: CampaignState): boolean {
  return state === 'proposed' || state === 'screened' || state === 'shadow' || state === 'canary';
}

/** Moves a campaign. Throws a RangeError for an illegal move: that is a bug, never an outcome. */
export function moveCampaign(
  campaign: Campaign,
  to: CampaignState,
  change: { readonly atMs: number; readonly reason: string } & Partial<
    Pick<Campaign, 'screening' | 'alphaLevel' | 'terms' | 'judging' | 'verdict' | 'canary' | 'byHand'>
  >,
): Campaign {
  const { byHand = campaign.byHand } = change;
  if (!isLegalMove(campaign.state, { state: to, ...(byHand && { byHand }) }))
    throw new RangeError(`campaign ${campaign.id}: ${campaign.state} may not become ${to}`);
  const { atMs, reason, ...fields } = change;
  return {
    ...campaign,
    ...fields,
    state: to,
    revision: campaign.revision + 1,
    history: [...campaign.history, { from: campaign.state, to, atMs, reason }],
  };
}
