import type { BanditConfig } from '../domain/task.ts';
import type { Policy } from './policy.ts';
import { shannonPolicy } from './shannon-policy.ts';
import { tsallisPolicy } from './tsallis-policy.ts';

/** Every policy by its name in the configuration. */
export const policies: Readonly<Record<BanditConfig['policy'], Policy>> = {
  tsallis: tsallisPolicy,
  shannon: shannonPolicy,
};
