import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../domain/campaign.ts';
import type { Edit } from '../../domain/edit.ts';
import { literalSkeleton } from '../../domain/skeleton.ts';
import type { Baseline } from '../../domain/task.ts';
import { makeVariant } from '../../domain/variant.ts';
import type { Experience } from '../../store/campaign-store.ts';
import { campaignOf, insert, prompt, variantOf, verdictOf } from '../fixtures.case.ts';
import { effectPrior, type EffectPrior } from './effect-prior.ts';
import { planTransfer, type TransferPlan } from './plan-transfer.ts';
import { rankCandidates } from './rank-candidates.ts';
import { isTransferHurting, transferRecord } from './transfer-record.ts';

const baselineOf = (text: string): Baseline => ({
  version: 1,
  skeleton: literalSkeleton(text),
  stableFor: 99,
});
const like = `${prompt} Thank you.`;
const unlike = 'Translate every sentence into plain French, keep names as they are, and sign as the editor.';

/** A campaign of another task that measured an effect with 400 pairs. */
function elsewhere(
  edit: Edit,
  effect: number,
  change: { readonly task?: string; readonly text?: string } = {},
): Experience {
  const { task = 'other', text = like } = change;
  const variant = makeVariant(task, 1, [edit]);
  const campaign = campaignOf({ variant, state: effect > 0 ? 'promoted' : 'rejected' });
  const verdict = verdictOf(effect);
  return {
    campaign: {
      ...campaign,
      verdict: { ...verdict, evidence: { ...verdict.evidence, pairs: 400 } },
    },
    baseline: baselineOf(text),
  };
}

const priorOf = (experience: readonly Experience[], campaigns: readonly Campaign[] = []): EffectPrior =>
  effectPrior({ taskId: 'task', baseline: baselineOf(prompt), campaigns, credited: [], experience });

const planOf = (
  experience: readonly Experience[],
  campaigns: readonly Campaign[] = [],
  growthCharactersMax: number = 200,
): TransferPlan =>
  planTransfer({
    prior: priorOf(experience, campaigns),
    prompt,
    incumbentEdits: [],
    campaigns,
    growthCharactersMax,
  });

const list = insert('List the queues first.');
const attacks = insert('Look out for phishing and stolen logins.');
const chatter = insert('Be thorough, and explain yourself at length.');

/** A transfer to this task that ended. */
function ended(state: Campaign['state'], effect: number, ...edits: readonly Edit[]): Campaign {
  const variant = variantOf(...edits);
  const campaign = campaignOf({ id: `${variant.id} ${state}`, variant, state, meanDifference: effect });
  return { ...campaign, proposal: { ...campaign.proposal, optimizer: 'warm-start' } };
}

describe('a warm start', () => {
  it('tries what helped like tasks, the best of it together, and nothing that hurt them', () => {
    const plan = planOf([elsewhere(attacks, 0.08), elsewhere(list, 0.15), elsewhere(chatter, -0.1)]);
    expect(plan).toMatchObject({ kind: 'try', candidates: [[list, attacks], [list], [attacks]] });
  });

  it('expects less of what helped an unlike task', () => {
    expect(planOf([elsewhere(list, 0.1)]).kind).toBe('try');
    expect(priorOf([elsewhere(list, 0.1, { text: unlike })]).predict([list]).mean).toBeLessThan(
      priorOf([elsewhere(list, 0.1)]).predict([list]).mean,
    );
  });

  it('takes an idea in other words for the same idea', () => {
    const again = insert('List the queues at first.');
    expect(priorOf([elsewhere(list, 0.1)]).predict([again]).mean).toBeGreaterThan(0.03);
    expect(priorOf([elsewhere(list, 0.1)]).predict([chatter]).mean).toBeLessThan(0.03);
  });

  it('puts together no more than one step may add, but always the best', () => {
    expect(planOf([elsewhere(attacks, 0.08), elsewhere(list, 0.15)], [], 10)).toMatchObject({
      candidates: [[list], [list], [attacks]],
    });
  });

  it.each<[string, Edit]>([
    ['a worked example of another task', { op: 'add-example', text: 'Q: my card? A: cards', intent: 'show' }],
    ['text with a slot that is not there', insert('Today is {{date}}.')],
    ['a replacement without its phrase', { op: 'replace', find: 'nowhere', text: 'x', intent: 'swap' }],
  ])('never brings %s', (_, edit) => {
    expect(planOf([elsewhere(edit, 0.2)]).kind).toBe('none');
  });

  it('puts an insertion at the end where its place is missing', () => {
    const placed: Edit = {
      op: 'insert',
      text: 'List the queues first.',
      after: 'some other phrase',
      intent: list.intent,
    };
    expect(planOf([elsewhere(placed, 0.2)])).toMatchObject({ candidates: [[list], [list]] });
  });

  it('goes on alone after the best ones together came to nothing, and gives up after the second failure', () => {
    const experience = [elsewhere(list, 0.15), elsewhere(attacks, 0.14)];
    const once = planOf(experience, [ended('inconclusive', 0.05, list, attacks)]);
    expect(once).toMatchObject({ kind: 'try' });
    expect(once.kind === 'try' && once.candidates[0]).toHaveLength(1);
    const failures = [ended('inconclusive', 0.05, list, attacks), ended('rejected', -0.01, list)];
    expect(planOf(experience, failures).kind).toBe('none');
  });

  it('waits for one that is under test', () => {
    expect(planOf([elsewhere(list, 0.15)], [ended('shadow', 0.02, attacks)]).kind).toBe('none');
  });

  it('is switched off for a family in which transfers have been hurting', () => {
    const hurt = [1, 2, 3, 4].map((task) => {
      const { campaign, baseline } = elsewhere(insert(`Bad idea number ${task} of many.`), -0.12, {
        task: `t${task}`,
      });
      const proposal = { ...campaign.proposal, optimizer: 'warm-start' };
      return { campaign: { ...campaign, proposal }, baseline };
    });
    expect(planOf([elsewhere(list, 0.15), ...hurt])).toMatchObject({
      kind: 'off',
      record: { transfers: 4, negative: 4, promoted: 0 },
    });
    const other = hurt.map(({ campaign }) => ({ campaign, baseline: baselineOf(unlike) }));
    expect(planOf([elsewhere(list, 0.15), ...other]).kind).toBe('try');
  });
});

describe('the record of transfers', () => {
  it('says nothing before three, and counts what was measured', () => {
    const bad = [ended('rejected', -0.2, list), ended('rejected', -0.2, attacks)];
    expect(isTransferHurting(transferRecord(bad))).toBe(false);
    const worse = [...bad, ended('rejected', -0.2, chatter)];
    expect(isTransferHurting(transferRecord(worse))).toBe(true);
    const mixed = [...worse, ended('promoted', 0.3, list, attacks), ended('promoted', 0.2, list)];
    expect(isTransferHurting(transferRecord(mixed))).toBe(false);
    expect(transferRecord(mixed)).toMatchObject({ transfers: 5, negative: 3, promoted: 2 });
  });
});

describe('candidates', () => {
  const incumbent = variantOf();

  it('come in the order of what is expected of them, those that do harm not at all', () => {
    const prior = priorOf([
      elsewhere(list, 0.12),
      elsewhere(chatter, -0.15),
      elsewhere(chatter, -0.15, { task: 'third' }),
    ]);
    expect(rankCandidates([[chatter], [attacks], [list]], incumbent, prior)).toEqual({
      candidates: [[list], [attacks]],
      dropped: ['expected-harm'],
    });
  });

  it('keep the order of their optimizer where nothing is known', () => {
    const candidates = [[chatter], [attacks], [list]];
    expect(rankCandidates(candidates, incumbent, priorOf([]))).toEqual({ candidates, dropped: [] });
    expect(rankCandidates(candidates, incumbent, null)).toEqual({ candidates, dropped: [] });
  });

  it('are judged by live credit too', () => {
    const credited = [{ edits: [attacks], effect: -0.2, variance: 0.0004 }];
    const prior = effectPrior({
      taskId: 'task',
      baseline: baselineOf(prompt),
      campaigns: [],
      credited,
      experience: [],
    });
    expect(rankCandidates([[attacks], [list]], incumbent, prior).candidates).toEqual([[list]]);
  });
});
