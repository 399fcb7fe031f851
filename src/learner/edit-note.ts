import type { Edit } from '../domain/edit.ts';

/** Edits as a note to the optimizer model: what they do, without why. */
export function editNote(edits: readonly Edit[]): string {
  return JSON.stringify(edits.map(({ intent: _intent, ...edit }) => edit));
}
