import type { TaskConfig } from '../../src/domain/task.ts';
import { optimizers } from '../../src/learner/optimizers/optimizers.ts';

/** The learner with everything that it learns about learning. */
export const fullLearner = 'full learner';

/** OPRO as published, but testing one proposal after the other: what pace alone is worth. */
export const oneAtATime = 'opro, one at a time';

/** All that may be compared; every one but these two is one optimizer as published, at the pace of the configuration. */
export const contenders: readonly string[] = [fullLearner, oneAtATime, ...optimizers.keys()];

/** The configuration under which a contender learns: the world's own, but for who proposes and how. */
export function configOf(contender: string, config: TaskConfig): TaskConfig {
  const { openCampaignsMax } = config.learner;
  switch (contender) {
    case fullLearner:
      return { ...config, learner: { openCampaignsMax, optimizers: [...optimizers.keys()] } };
    case oneAtATime:
      return { ...config, learner: { ...alone('opro'), openCampaignsMax: 1 } };
    default:
      return { ...config, learner: { ...alone(contender), openCampaignsMax } };
  }
}

function alone(optimizer: string): Omit<TaskConfig['learner'], 'openCampaignsMax'> {
  return { optimizers: [optimizer], choice: 'turns', warmStart: 'off' };
}
