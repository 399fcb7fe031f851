import { applyEdits } from './apply-edits.ts';
import type { Edit } from './edit.ts';
import { skeletonText, type Skeleton } from './skeleton.ts';

/** What becomes of edits when the developer has changed the prompt that they were written for. */
export interface CarriedEdits {
  /** Those that apply to the new prompt, one upon the other, and change it. */
  readonly kept: readonly Edit[];
  /** Those that the new prompt has no need of: it says what they add, and not what they take away. */
  readonly contained: readonly Edit[];
  /** Those whose phrase is not in the new prompt. */
  readonly lost: readonly Edit[];
}

/** Carries edits over to another skeleton, in their order. An edit upon a lost one is lost with it. */
export function carryEdits(skeleton: Skeleton, edits: readonly Edit[]): CarriedEdits {
  const kept: Edit[] = [];
  const contained: Edit[] = [];
  const lost: Edit[] = [];
  for (const edit of edits) {
    const before = textAfter(skeleton, kept) ?? '';
    const after = textAfter(skeleton, [...kept, edit]);
    if (isContained(before, edit) || (after !== undefined && flat(after) === flat(before)))
      contained.push(edit);
    else if (after === undefined) lost.push(edit);
    else kept.push(edit);
  }
  return { kept, contained, lost };
}

function textAfter(skeleton: Skeleton, edits: readonly Edit[]): string | undefined {
  const edited = applyEdits(skeleton, edits);
  return edited && skeletonText(edited);
}

function isContained(prompt: string, edit: Edit): boolean {
  switch (edit.op) {
    case 'insert':
    case 'add-example':
      return has(prompt, edit.text);
    case 'replace':
      return has(prompt, edit.text) && !has(prompt, edit.find);
    case 'delete':
      return !has(prompt, edit.find);
    case 'move':
      return false;
  }
}

function has(prompt: string, phrase: string): boolean {
  return flat(prompt).includes(flat(phrase));
}

/** A text with its white space made one: how lines are broken makes no other prompt. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
