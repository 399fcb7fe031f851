import { describe, expect, it } from 'vitest';
import type { Trace } from '../../domain/trace.ts';
import { insert, traceOf, variantOf } from '../fixtures.case.ts';
import { reflexion } from './reflexion.ts';
import { added, base, scriptedTurn } from './scripted-turn.case.ts';

function episode(id: string, reward: number, steps: number): readonly Trace[] {
  return Array.from({ length: steps }, (_, step) => {
    const trace = traceOf({ id: `${id}${step}`, input: `${id} step ${step}`, reward, atMs: step });
    return { ...trace, decision: { ...trace.decision, episodeId: id } };
  }).toReversed();
}

describe('Reflexion', () => {
  it('looks at the whole of a failed episode in the order of time, one call for each', async () => {
    const traces = [...episode('bad', 0, 3), ...episode('good', 1, 3), ...episode('poor', 0.2, 10)];
    const { output, questions } = await scriptedTurn(reflexion, { traces });
    const shown = questions.map(({ examples }) => examples.map(({ decision }) => decision.decisionId));
    expect(shown.toSorted((one, other) => one.length - other.length)).toEqual([
      ['bad0', 'bad1', 'bad2'],
      [2, 3, 4, 5, 6, 7, 8, 9].map((step) => `poor${step}`),
    ]);
    expect(output.candidates[0]).toEqual([base, { ...added, intent: 'lesson: to help' }]);
  });

  it('keeps 3 lessons in mind: the oldest makes way', async () => {
    const lessons = ['first', 'second', 'third'].map((text) => insert(text, `lesson: ${text}`));
    const incumbent = variantOf(base, ...lessons);
    const { output } = await scriptedTurn(reflexion, { incumbent, count: 1 });
    expect(output.candidates).toEqual([[base, ...lessons.slice(1), { ...added, intent: 'lesson: to help' }]]);
  });

  it('asks about no more than 3 episodes, and nobody when none has failed', async () => {
    expect((await scriptedTurn(reflexion, { count: 5 })).questions).toHaveLength(3);
    const { questions } = await scriptedTurn(reflexion, { traces: episode('good', 1, 3) });
    expect(questions).toEqual([]);
  });
});
