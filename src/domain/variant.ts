import { contentHash } from './content-hash.ts';
import type { Edit } from './edit.ts';

/** Id of the variant without edits: the prompt that the agent itself sends. */
export const baselineVariantId = 'baseline';

/** A baseline version plus ordered edits. Equal content has an equal id on every replica. */
export interface Variant {
  readonly id: string;
  readonly taskId: string;
  /** The version of the baseline that the edits were written against, from 1. */
  readonly baselineVersion: number;
  readonly edits: readonly Edit[];
}

/** Makes a variant; without edits it is the baseline itself. */
export function makeVariant(taskId: string, baselineVersion: number, edits: readonly Edit[]): Variant {
  const id =
    edits.length === 0
      ? baselineVariantId
      : contentHash(taskId, String(baselineVersion), JSON.stringify(edits.map(contentOf)));
  return { id, taskId, baselineVersion, edits };
}

/** What an edit does, without why: two edits that differ only in their intent are one. */
function contentOf(edit: Edit): readonly (string | null)[] {
  return [
    edit.op,
    'find' in edit ? edit.find : null,
    'after' in edit ? (edit.after ?? null) : null,
    'text' in edit ? edit.text : null,
  ];
}
