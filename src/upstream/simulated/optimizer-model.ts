import { applyEdits } from '../../domain/apply-edits.ts';
import type { Edit } from '../../domain/edit.ts';
import { literalSkeleton, skeletonText } from '../../domain/skeleton.ts';
import type { FacetsModel } from './facets-model.ts';
import { fitEdit } from './fit-edit.ts';
import { chooseCandidates, createInsight } from './insight.ts';
import type { ProposalsPayload } from './model-payload.schema.ts';
import { foldText } from './phrases.ts';
import { hashOf } from './seeded-hash.ts';
import type { FacetsWorld, WorldInput } from './world.ts';

/** Answers `proposals` calls: the edits of each proposal, in the order of choice. */
export type OptimizerModel = (call: {
  /** The optimizer's own prompt. */
  readonly ownPrompt: string;
  readonly payload: ProposalsPayload;
  /** Number of the call, from 0; its randomness comes from it and the seed. */
  readonly number: number;
}) => readonly Edit[];

/** An example with a reward below this counts as a failure. */
const failureBelow = 0.5;

/**
 * The optimizer of a facets world. It knows the world's pool of edits and proposes those that the prompt it is shown
 * can take: with insight the one that most raises the mean chance of a right answer on the inputs of the failures
 * shown (on all inputs when none is), else one by weight.
 */
export function createPoolOptimizer(world: FacetsWorld, model: FacetsModel, seed: number): OptimizerModel {
  const insightOf = createInsight(world.optimizer);
  return ({ ownPrompt, payload, number }) => {
    const failures = failedInputs(payload, world.agent.inputs);
    const candidates = world.optimizer.edits.flatMap(({ edit, weight }) => {
      const fitted = fitEdit(edit, payload.prompt, world.agent.slots);
      const edited = fitted && editedPrompt(payload.prompt, fitted);
      return fitted === undefined || edited === undefined ? [] : [{ edit: fitted, edited, weight }];
    });
    const worthOf = ({ edited }: { readonly edited: string }): number => {
      const chances = model.chances(edited);
      return failures.reduce((sum, input) => sum + (chances[input] ?? 0), 0) / failures.length;
    };
    const luck = hashOf(seed, 'optimizer', number);
    return chooseCandidates(
      candidates,
      { count: payload.count, insight: insightOf(ownPrompt), luck },
      { worth: worthOf, weight: ({ weight }) => weight },
    ).map(({ edit }) => edit);
  };
}

/** The prompt after an edit; `undefined` when it cannot be applied or what it adds is there already. */
function editedPrompt(prompt: string, edit: Edit): string | undefined {
  const isAddition = edit.op === 'insert' || edit.op === 'add-example';
  if (isAddition && foldText(prompt).includes(foldText(edit.text))) return undefined;
  const edited = applyEdits(literalSkeleton(prompt), [edit]);
  return edited && skeletonText(edited);
}

/** Indexes of the inputs among the low-reward examples; of all inputs when there are none. */
function failedInputs(payload: ProposalsPayload, inputs: readonly WorldInput[]): readonly number[] {
  const shown = payload.examples
    .filter(({ reward }) => reward !== null && reward < failureBelow)
    .map(({ input }) => findInput(input, inputs))
    .filter((index) => index !== -1);
  return shown.length > 0 ? shown : inputs.map((_, index) => index);
}

/** An example may be shortened; then only what stands before the first ellipsis is compared. */
function findInput(shown: string, inputs: readonly WorldInput[]): number {
  const exact = inputs.findIndex(({ text }) => text === shown);
  if (exact !== -1) return exact;
  const start = foldText(shown.split(/\[?…|\.{3}$/)[0] ?? '');
  return start === '' ? -1 : inputs.findIndex(({ text }) => foldText(text).startsWith(start));
}
