import type { Edit } from '../domain/edit.ts';

/** What an edit does, as one string, without its intent: two edits of one name are the same edit. */
export function editName(edit: Edit): string {
  return JSON.stringify([
    edit.op,
    'find' in edit ? edit.find : null,
    'after' in edit ? (edit.after ?? null) : null,
    'text' in edit ? edit.text : null,
  ]);
}
