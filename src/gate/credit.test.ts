import { describe, expect, it } from 'vitest';
import { editKey } from '../domain/edit-key.ts';
import type { Edit } from '../domain/edit.ts';
import { literalSkeleton } from '../domain/skeleton.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import type { EpisodeOutcome } from '../store/outcome-store.ts';
import { creditOfTask } from './credit.ts';

const good: Edit = { op: 'insert', text: 'Choose one of the queues.', intent: 'list' };
const bad: Edit = { op: 'insert', text: 'Be thorough and explain in detail.', intent: 'detail' };
const baselineOnly = makeVariant('task', 1, []);
const withGood = makeVariant('task', 1, [good]);
const withBoth = makeVariant('task', 1, [good, bad]);

/** Episodes drawn evenly among variants, whose reward drifts with time and with the edits. */
function served(
  variants: readonly Variant[],
  episodes: number,
  effects: ReadonlyMap<Edit, number>,
): readonly EpisodeOutcome[] {
  const random = createSeededRandom(7);
  return Array.from({ length: episodes }, (_, index) => {
    const variant = variants[Math.floor(random.next() * variants.length)] ?? baselineOnly;
    const drift = (0.2 * index) / episodes;
    const chance = variant.edits.reduce((sum, edit) => sum + (effects.get(edit) ?? 0), 0.5 + drift);
    return {
      episodeId: `e${index}`,
      variantId: variant.id,
      propensity: 1 / variants.length,
      planVersion: 1,
      decidedAtMs: index,
      segment: null,
      reward: random.next() < chance ? 1 : 0,
      values: {},
      latencyMs: null,
      costUsd: null,
    };
  });
}

function creditOf(
  outcomes: readonly EpisodeOutcome[],
  variants: readonly Variant[],
  incumbent: Variant,
): ReturnType<typeof creditOfTask> {
  const baseline = literalSkeleton('Sort the ticket.');
  return creditOfTask({ outcomes, variants, incumbent, baseline, mde: 0.02 }, { atMs: 1, atFeedback: 2 });
}

describe('the credit of a task', () => {
  const effects = new Map([
    [good, 0.15],
    [bad, -0.12],
  ]);

  it('proposes the edit of the incumbent for removal that harms, and keeps the one that helps', () => {
    const variants = [baselineOnly, withGood, withBoth];
    const { edits, episodes } = creditOf(served(variants, 4000, effects), variants, withBoth);
    const of = (edit: Edit) => edits.find(({ key }) => key === editKey(edit));
    expect(episodes).toBe(4000);
    expect(of(good)).toMatchObject({ verdict: 'positive', isRemovalProposed: false, isServing: true });
    expect(of(bad)).toMatchObject({ verdict: 'negative', isRemovalProposed: true, contexts: 1 });
    expect(of(bad)?.effect?.low).toBeLessThan(-0.12);
    expect(of(bad)?.effect?.high).toBeGreaterThan(-0.12);
    expect(of(bad)?.tokens).toBeGreaterThan(5);
  });

  it('says plainly what it cannot tell: an edit that never served beside its counterpart', () => {
    const variants = [baselineOnly, withBoth];
    const { edits } = creditOf(served(variants, 400, effects), variants, withBoth);
    expect(edits).toHaveLength(2);
    for (const edit of edits)
      expect(edit).toMatchObject({
        verdict: 'not-identified',
        reason: 'no-counterpart',
        effect: null,
        isRemovalProposed: false,
      });
  });

  it('compares nothing between plans, since arms of one could not be drawn under the other', () => {
    const before = served([baselineOnly], 200, effects);
    const after = served([withGood], 200, effects).map((each) => ({ ...each, planVersion: 2 }));
    const { edits } = creditOf([...before, ...after], [baselineOnly, withGood], withGood);
    expect(edits).toMatchObject([{ verdict: 'not-identified', reason: 'no-overlap' }]);
  });

  it('proposes no removal that would lead back to the baseline, nor of what does not serve', () => {
    const variants = [baselineOnly, makeVariant('task', 1, [bad])];
    const [only] = variants.slice(1);
    const outcomes = served(variants, 3000, effects);
    for (const incumbent of [only ?? baselineOnly, baselineOnly])
      expect(creditOf(outcomes, variants, incumbent).edits).toMatchObject([
        { verdict: 'negative', isRemovalProposed: false },
      ]);
  });

  it('leaves out episodes of another baseline and of variants that nobody knows', () => {
    const old = makeVariant('task', 2, [good]);
    const outcomes = served([baselineOnly, old, withGood], 300, effects);
    expect(creditOf(outcomes, [baselineOnly, old], baselineOnly)).toMatchObject({
      episodes: outcomes.filter(({ variantId }) => variantId === 'baseline').length,
      edits: [],
    });
  });
});
