import { describe, expect, it } from 'vitest';
import { smallFacetsWorld } from '../../upstream/simulated/small-world.case.ts';
import type { World } from '../../upstream/simulated/world.ts';
import { taskConfigOf } from './world-task.ts';

const worldWith = (task: World['task'], metric = 'score'): World => {
  const world = smallFacetsWorld();
  return { ...world, task, feedback: { ...world.feedback, metric } };
};

describe('the task of a world', () => {
  it('is rewarded by the feedback of the world unless it says otherwise', () => {
    const metrics = { solved: { type: 'boolean' } };
    expect(taskConfigOf(worldWith({ budget: {} }, 'solved')).reward).toEqual({ solved: 1 });
    expect(taskConfigOf(worldWith({ budget: {} }, 'solved')).metrics['solved']).toMatchObject({
      type: 'number',
    });
    expect(taskConfigOf(worldWith({ metrics }, 'solved')).metrics['solved']).toMatchObject({
      type: 'boolean',
    });
    expect(taskConfigOf(worldWith({ reward: { score: 2 } }, 'solved')).reward).toEqual({ score: 2 });
  });

  it('may lift the limit on the size of an edit', () => {
    expect(taskConfigOf(worldWith({})).gate.isEditSizeLimited).toBe(true);
    expect(taskConfigOf(worldWith({ gate: { limit_edit_size: false } })).gate.isEditSizeLimited).toBe(false);
  });

  it('is refused with the world where it is no task, by the path of the fault', () => {
    for (const [task, path] of [
      [{ gate: { alpha: 2 } }, 'task.gate.alpha'],
      [{ colour: 1 }, 'task.colour'],
      [{ graders: [{ kind: 'json-schema', schema: 'some.json' }] }, 'task.graders'],
    ] as const)
      expect(() => taskConfigOf(worldWith(task))).toThrow(
        expect.objectContaining({ code: 'invalid_world', message: expect.stringContaining(path) }),
      );
  });
});
