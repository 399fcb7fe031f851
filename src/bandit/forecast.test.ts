import { describe, expect, it } from 'vitest';
import type { BanditState } from '../domain/bandit-state.ts';
import type { Edit } from '../domain/edit.ts';
import { makeVariant } from '../domain/variant.ts';
import { banditFold } from './fold.ts';
import { lossForecasts } from './forecast.ts';
import { likenessOf } from './likeness.ts';
import { planOf, provenPlan, settingsOf } from './plans.case.ts';

/** A state with so many observations and losses of each arm. */
function stateOf(
  sums: readonly (readonly [N: number, S: number])[],
  likeness?: BanditState['likeness'],
): BanditState {
  const state = banditFold.start(provenPlan(sums.length));
  const arms = Object.fromEntries(
    sums.map(([N, S], index) => [`arm${index}`, { L: 0, N, S, sel: 0, obs: 0 }]),
  );
  return { ...state, arms, gN: 10, gS: 4, ...(likeness && { likeness }) };
}

const insert = (text: string): Edit => ({ op: 'insert', text, intent: '' });

describe('the forecast of a loss', () => {
  it('is the mean loss of the arm, shrunk towards that of all', () => {
    expect(
      lossForecasts(
        stateOf([
          [0, 0],
          [15, 3],
        ]),
      ),
    ).toEqual({ arm0: 0.4, arm1: (3 + 5 * 0.4) / 20 });
  });

  it('shrinks towards what a ridge regression says of like arms, where likeness is known', () => {
    const likeness = {
      arm0: { arm0: 1, arm1: 0, arm2: 0.5 },
      arm1: { arm0: 0, arm1: 1, arm2: 0 },
      arm2: { arm0: 0.5, arm1: 0, arm2: 1 },
    };
    const forecasts = lossForecasts(
      stateOf(
        [
          [40, 32],
          [40, 8],
          [0, 0],
        ],
        likeness,
      ),
    );
    // Means .8 and .2 about .5, λ/N = 1/40: duals ±.3/1.025.
    const dual = 0.3 / 1.025;
    expect(forecasts['arm0']).toBeCloseTo((32 + 10 * (0.5 + dual)) / 50, 12);
    expect(forecasts['arm1']).toBeCloseTo((8 + 10 * (0.5 - dual)) / 50, 12);
    expect(forecasts['arm2']).toBeCloseTo(0.5 + 0.5 * dual, 12);
  });

  it('stays in [0, 1], and is the mean of all where nothing was seen', () => {
    const likeness = likenessOf(
      [0, 1].map((arm) => ({ ...makeVariant('t', 1, [insert('x')]), id: `arm${arm}` })),
    );
    expect(
      lossForecasts(
        stateOf(
          [
            [0, 0],
            [0, 0],
          ],
          likeness,
        ),
      ),
    ).toEqual({ arm0: 0.4, arm1: 0.4 });
    for (const forecast of Object.values(
      lossForecasts(
        stateOf(
          [
            [900, 900],
            [900, 0],
          ],
          likeness,
        ),
      ),
    )) {
      expect(forecast).toBeGreaterThanOrEqual(0);
      expect(forecast).toBeLessThanOrEqual(1);
    }
  });
});

describe('the prior of the bandit', () => {
  const baseline = { ...makeVariant('task', 1, []), id: 'baseline' };
  const variants = [
    baseline,
    { ...makeVariant('task', 1, [insert('Answer in one word.')]), id: 'word' },
    { ...makeVariant('task', 1, [insert('Answer in a single word.')]), id: 'single' },
  ];
  const next = planOf({ baseline: 'baseline', word: 'incumbent', single: 'canary' }, 2);
  const start = banditFold.start(planOf({ baseline: 'baseline' }));

  it('keeps how alike arms are from the plan on with which it was switched on', () => {
    const settings = settingsOf(next, { bandit: { prior: 'expo' } });
    const { likeness } = banditFold.reconcile(start, next, { ...settings, variants });
    expect(likeness?.['word']?.['single']).toBeGreaterThan(0.5);
    expect(likeness?.['word']?.['word']).toBeCloseTo(1, 6);
    expect(likeness?.['baseline']).toEqual({ baseline: 0, word: 0, single: 0 });
  });

  it('is not used, nor kept, where it is off', () => {
    const on = settingsOf(next, { bandit: { prior: 'expo' } });
    const off = settingsOf(next);
    const withPrior = banditFold.reconcile(start, next, { ...on, variants });
    const without = banditFold.reconcile(start, next, { ...off, variants });
    expect(without.likeness).toBeUndefined();
    const observation = { variantId: 'word', propensity: 0.5, reward: 0 };
    expect(banditFold.observe(withPrior, observation, off).state.arms).toEqual(
      banditFold.observe(without, observation, off).state.arms,
    );
  });

  it('charges a newcomer that is like a bad arm with more than the mean of all', () => {
    const on = { ...settingsOf(next, { bandit: { prior: 'expo' } }), variants };
    const fed = (isOn: boolean): BanditState => {
      const settings = isOn ? on : settingsOf(next);
      let state = banditFold.reconcile(start, next, { ...settings, variants });
      for (let round = 0; round < 60; round += 1) {
        const variantId = round % 2 === 0 ? 'word' : 'baseline';
        const reward = variantId === 'word' ? 0 : 1;
        state = banditFold.observe(state, { variantId, propensity: 0.5, reward }, settings).state;
      }
      return state;
    };
    const lossOf = (state: BanditState): number => state.arms['single']?.L ?? 0;
    expect(lossOf(fed(true))).toBeGreaterThan(lossOf(fed(false)) + 5);
  });
});
