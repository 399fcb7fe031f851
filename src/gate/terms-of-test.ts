import type { TaskConfig } from '../domain/task.ts';
import type { ProposalPurpose, TestTerms } from '../domain/test-terms.ts';
import { guardrailsOf, marginIn } from './guardrails.ts';

/** What an equivalence test is to gain where the task does not say. */
const secondaryDefault = 'tokens';

/**
 * What a proposal of this purpose has to show under this configuration. To take something out of a prompt pays by
 * itself, so that `prune` need not better the score, only keep it. `anchorId` is used by equivalence alone.
 */
export function termsOfTest(
  config: Pick<TaskConfig, 'gate' | 'metrics' | 'reward'>,
  purpose: ProposalPurpose = 'improve',
  anchorId: string | null = null,
): TestTerms {
  const { gate } = config;
  const mode = gate.modes?.[purpose] ?? (purpose === 'prune' ? 'equivalence' : 'superiority');
  const secondary = gate.secondary ?? secondaryDefault;
  return {
    mode,
    mde: gate.mde,
    margin: gate.margin,
    isStrict: gate.isStrict ?? false,
    guardrails: guardrailsOf(config),
    slices: Object.entries(gate.slices ?? {}).map(([name, { margin }]) => ({ name, margin })),
    secondary: mode === 'superiority' ? null : { name: secondary, mde: marginIn(secondary, gate.mde) },
    anchorId: mode === 'superiority' ? null : anchorId,
  };
}
