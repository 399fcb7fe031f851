import { defaultTaskConfig, type TaskConfig } from '../../domain/task.ts';
import type { World } from './world.ts';

/**
 * The task configuration of a world that brings none: the reward is the feedback metric; graders are `exact` against
 * what feedback expects, then a judge; 5 US dollars and 4,000 shadow requests a day. Replay worlds replace whole
 * prompts, so their edits may be of any size.
 */
export function defaultTaskOf(world: World): TaskConfig {
  const { metric } = world.feedback;
  return {
    ...defaultTaskConfig,
    reward: { [metric]: 1 },
    metrics: { [metric]: { type: 'number', range: [0, 1], optimize: 'max', guardrail: null } },
    graders: [
      { kind: 'exact', against: 'expected', weight: 1 },
      { kind: 'judge', rubric: 'The answer is the right one for the last user message.', weight: 1 },
    ],
    budget: { ...defaultTaskConfig.budget, usdPerDay: 5, shadowRequestsPerDay: 4000 },
    gate: { ...defaultTaskConfig.gate, isEditSizeLimited: world.kind === 'facets' },
  };
}
