import { contentHash } from './content-hash.ts';
import type { Edit } from './edit.ts';

/** What an edit does, as a short name, without its intent: two edits of one key are the same edit. */
export function editKey(edit: Edit): string {
  return contentHash(
    'edit',
    JSON.stringify([
      edit.op,
      'find' in edit ? edit.find : null,
      'after' in edit ? (edit.after ?? null) : null,
      'text' in edit ? edit.text : null,
    ]),
  );
}
