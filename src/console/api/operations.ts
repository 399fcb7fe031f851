import { campaignActions } from './campaign-actions.ts';
import { campaignOperations } from './campaigns.ts';
import { decisionOperations } from './decisions.ts';
import { eventOperations } from './events.ts';
import { exportOperations } from './exports.ts';
import { forgetOperations } from './forget.ts';
import { learningActions } from './learning-actions.ts';
import { learnerOperations } from './learner.ts';
import { logOperations } from './logs.ts';
import type { Operation } from './operation.schema.ts';
import { planActions } from './plan-actions.ts';
import { planOperations } from './plans.ts';
import { searchOperations } from './search.ts';
import { seriesOperations } from './series.ts';
import { statusOperations } from './status.ts';
import { taskOperations } from './tasks.ts';
import { readValues } from './values.ts';
import { variantOperations } from './variants.ts';

/** Everything that the API can do. */
export const operations: readonly Operation[] = [
  ...statusOperations,
  ...taskOperations,
  ...seriesOperations,
  readValues,
  ...variantOperations,
  ...planOperations,
  ...campaignOperations,
  ...decisionOperations,
  ...learnerOperations,
  ...learningActions,
  ...planActions,
  ...campaignActions,
  ...forgetOperations,
  ...exportOperations,
  ...eventOperations,
  ...logOperations,
  ...searchOperations,
];
