import type { Skeleton } from '../domain/skeleton.ts';
import type { AutomaticTask } from './automatic-task.ts';
import { createPromptIndex, type PromptIndex } from './prompt-index.ts';
import { createWordIndex } from './word-index.ts';

/** Skeletons that begin or end as a prompt does, of which it is tried which one it is an instance of. */
const candidatesMax = 64;

/** What a task's prompt was before. */
export interface FormerPrompt {
  readonly of: AutomaticTask;
  readonly skeleton: Skeleton;
}

/** Where the tasks of a scope are looked up. */
export interface PromptFiles {
  /** Files a task under its prompt as it is known now. */
  readonly file: (of: AutomaticTask) => void;
  readonly remove: (of: AutomaticTask) => void;
  /** Tasks that a prompt may be an instance of. */
  readonly candidates: (prompt: string) => readonly AutomaticTask[];
  /** Tasks that it may have been an instance of. */
  readonly formerCandidates: (prompt: string) => readonly FormerPrompt[];
  /** Tasks that resemble it: so many that share most words with it, and so many that begin, or end, most like it. */
  readonly nearest: (prompt: string, count: number) => Iterable<AutomaticTask>;
}

/** Empty. */
export function createPromptFiles(): PromptFiles {
  const filed = new Map<AutomaticTask, Skeleton>();
  const current = createPromptIndex<AutomaticTask>();
  // Few scopes have any, and there may be thousands of scopes.
  let former: PromptIndex<FormerPrompt> | undefined;
  const formerOf = new Map<AutomaticTask, readonly FormerPrompt[]>();
  const words = createWordIndex<AutomaticTask>();

  const fileFormer = (of: AutomaticTask, skeletons: readonly Skeleton[]): void => {
    for (const prompt of formerOf.get(of) ?? []) former?.delete(prompt);
    formerOf.delete(of);
    if (skeletons.length === 0) return;
    former ??= createPromptIndex();
    const prompts = skeletons.map((skeleton): FormerPrompt => ({ of, skeleton }));
    for (const prompt of prompts) former.set(prompt, prompt.skeleton);
    formerOf.set(of, prompts);
  };
  return {
    file: (of) => {
      const { prompts } = of.task;
      const { skeleton } = prompts.baseline();
      if (filed.get(of) === skeleton) return;
      filed.set(of, skeleton);
      current.set(of, skeleton);
      words.set(of, skeleton);
      fileFormer(of, prompts.former());
    },
    remove: (of) => {
      filed.delete(of);
      current.delete(of);
      words.delete(of);
      fileFormer(of, []);
    },
    candidates: (prompt) => current.candidates(prompt, candidatesMax),
    formerCandidates: (prompt) => former?.candidates(prompt, candidatesMax) ?? [],
    nearest: (prompt, count) => new Set([...words.nearest(prompt, count), ...current.nearest(prompt, count)]),
  };
}
