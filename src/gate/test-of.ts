import type { Campaign } from '../domain/campaign.ts';
import type { TaskConfig } from '../domain/task.ts';
import { termsOfTest } from './terms-of-test.ts';
import type { TestInProgress } from './test-evidence.ts';

/**
 * A campaign's test by the terms and the level that it started with. One from before terms were kept is for
 * superiority, by the task's present configuration.
 */
export function testOf(
  { terms, alphaLevel, judging }: Pick<Campaign, 'terms' | 'alphaLevel' | 'judging'>,
  config: TaskConfig,
): TestInProgress {
  return { terms: terms ?? termsOfTest(config), alphaLevel: alphaLevel ?? 0, judging };
}
