import { RatchetError } from '../../domain/ratchet-error.ts';
import { findTask } from './find-task.ts';
import { operation, type Operation } from './operation.schema.ts';
import { taskParams } from './parts.schema.ts';
import { policyValue } from './policy-values.ts';
import { valuesQuery, valuesSchema, type ValuesView } from './values.schema.ts';

/** Plans that are looked at for what could be drawn. */
const plansMax = 1000;

/** What a policy would have delivered, had it served in the place of the bandit. */
export const readValues: Operation<ValuesView> = operation({
  id: 'readValues',
  method: 'get',
  path: '/api/tasks/{task}/values',
  tag: 'Tasks',
  summary: 'What a policy would have delivered, had it served in the place of the bandit',
  description:
    'Off-policy estimates from answered episodes of the present baseline in which every variant of the policy could be drawn: inverse propensity, self-normalised, doubly robust, and the contrast with the incumbent. Refused where the effective sample size is below 50.',
  role: 'viewer',
  params: taskParams,
  query: valuesQuery,
  result: valuesSchema,
  handle: async ({ params: { task: taskId }, query: { policy, since, episodes } }, { store }) => {
    const { plan, variants } = await findTask(store, taskId);
    const unknown = Object.keys(policy ?? {}).find((id) => variants.every((variant) => variant.id !== id));
    if (unknown !== undefined)
      throw new RatchetError('invalid_request', `policy: ${unknown} is no variant that serves`, {
        param: 'policy',
      });
    const newest = await store.readEpisodeOutcomes({
      taskId,
      hasReward: true,
      order: 'newest',
      limit: episodes,
      ...(since === undefined ? {} : { afterMs: since }),
    });
    const plans = (await store.readPlans(taskId, plansMax)).filter(
      ({ baselineVersion }) => baselineVersion === plan.baselineVersion,
    );
    const asked = policy === undefined ? plan.arms.map(({ variantId }) => ({ [variantId]: 1 })) : [policy];
    const known = { plans, incumbentId: plan.incumbentId };
    const items = asked.map((each) => policyValue(each, newest.toReversed(), known));
    const { incumbentId } = plan;
    return { kind: 'value', value: { items, incumbentId, isCut: newest.length === episodes } };
  },
});
