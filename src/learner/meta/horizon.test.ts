import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../runtime/seeded-random.ts';
import { defaultTaskConfig } from '../../domain/task.ts';
import type { EpisodeOutcome } from '../../store/outcome-store.ts';
import { taskOf, traceOf } from '../fixtures.case.ts';
import type { Trace } from '../../domain/trace.ts';
import { horizonsFor } from './choose-horizon.ts';
import { withHorizon } from './episode-rewards.ts';
import { contrastsOf, readHorizons } from './read-horizons.ts';

const aligned = Array.from({ length: 14 }, (_, index) => {
  const step = (index - 7) / 70;
  return { step, final: step * 0.9 + (index % 3) / 300 };
});

describe('the horizon', () => {
  it('is the episode before 12 contrasts, and where steps say little of the end', () => {
    expect(horizonsFor(aligned.slice(0, 11))).toEqual(['episode']);
    expect(horizonsFor(aligned.map(({ step, final }) => ({ step, final: -final })))).toEqual(['episode']);
    expect(horizonsFor(aligned.map(({ step }, index) => ({ step, final: (index % 5) / 50 })))).toEqual([
      'episode',
    ]);
  });

  it('may be the step where contrasts show that it speaks of the end', () => {
    expect(horizonsFor(aligned)).toEqual(['episode', 'step']);
  });
});

/** Episodes of variants drawn at random, with both scores. */
function outcomesOf(
  effects: Readonly<Record<string, { step: number; final: number }>>,
): readonly EpisodeOutcome[] {
  const random = createSeededRandom(3);
  const names = Object.keys(effects);
  return Array.from({ length: 4_000 }, (_, index) => {
    const variantId = names[Math.floor(random.next() * names.length)] ?? '';
    const { step = 0, final = 0 } = effects[variantId] ?? {};
    return {
      episodeId: `e${index}`,
      variantId,
      propensity: 1 / names.length,
      planVersion: 1,
      decidedAtMs: index,
      segment: null,
      reward: random.next() < 0.5 + final ? 1 : 0,
      values: { helpful: random.next() < 0.5 + step ? 1 : 0 },
      latencyMs: null,
      costUsd: null,
    };
  });
}

describe('contrasts', () => {
  it('are of prompts that differ in one edit, on both scores', () => {
    const outcomes = outcomesOf({
      baseline: { step: 0, final: 0 },
      one: { step: 0.2, final: 0.1 },
      both: { step: 0.3, final: 0.3 },
    });
    const edits = new Map([
      ['baseline', []],
      ['one', ['a']],
      ['both', ['a', 'b']],
    ]);
    const contrasts = contrastsOf(outcomes, 'helpful', edits);
    expect(contrasts).toHaveLength(2);
    expect(contrasts[0]?.step).toBeCloseTo(0.2, 1);
    expect(contrasts[0]?.final).toBeCloseTo(0.1, 1);
    expect(contrasts[1]?.final).toBeCloseTo(0.2, 1);
  });
});

/** A request of a conversation of several. */
function turn(episodeId: string, reward: number): Trace {
  const trace = traceOf({ id: `${episodeId} turn`, reward });
  return { ...trace, decision: { ...trace.decision, episodeId } };
}

const noStore = {
  readEpisodeOutcomes: async (): Promise<readonly EpisodeOutcome[]> => {
    throw new Error('not to be read');
  },
  readVariant: async () => undefined,
};

describe('a task', () => {
  it('of single requests has one horizon, and nothing is read for it', async () => {
    expect(await readHorizons(noStore, taskOf(), [traceOf()])).toEqual(['episode']);
    expect(await withHorizon(noStore, [traceOf()], 'episode')).toEqual([traceOf()]);
  });

  it('without a metric of its steps learns from the whole, unless it is told otherwise', async () => {
    expect(await readHorizons(noStore, taskOf(), [turn('e1', 1)])).toEqual(['episode']);
    const told = taskOf({ learner: { ...defaultTaskConfig.learner, horizon: 'step' } });
    expect(await readHorizons(noStore, told, [turn('e1', 1)])).toEqual(['step']);
  });

  it('shows requests with the reward of the whole conversation, or with their own', async () => {
    const [outcome] = outcomesOf({ baseline: { step: 0, final: 0 } });
    const store = {
      readEpisodeOutcomes: async () =>
        outcome === undefined ? [] : [{ ...outcome, episodeId: 'e1', reward: 0.25 }],
    };
    const traces = [turn('e1', 1), turn('e2', 0.5), traceOf({ reward: 0 })];
    const rewards = async (horizon: 'step' | 'episode'): Promise<readonly (number | null)[]> =>
      (await withHorizon(store, traces, horizon)).map(({ reward }) => reward);
    expect(await rewards('episode')).toEqual([0.25, 0.5, 0]);
    expect(await rewards('step')).toEqual([1, 0.5, 0]);
  });
});
