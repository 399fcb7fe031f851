import type { TaskConfig } from '../../src/domain/task.ts';
import { optimizers } from '../../src/learner/optimizers/optimizers.ts';

/** The learner with everything that it learns about learning; every other contender is one optimizer as published. */
export const fullLearner = 'full learner';

/** All that may be compared. */
export const contenders: readonly string[] = [fullLearner, ...optimizers.keys()];

/** The configuration under which a contender learns: the world's own, but for who proposes and how. */
export function configOf(contender: string, config: TaskConfig): TaskConfig {
  const { openCampaignsMax } = config.learner;
  return {
    ...config,
    learner:
      contender === fullLearner
        ? { openCampaignsMax, optimizers: [...optimizers.keys()] }
        : { openCampaignsMax, optimizers: [contender], choice: 'turns', warmStart: 'off' },
  };
}
