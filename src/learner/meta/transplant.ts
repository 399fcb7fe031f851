import type { Edit } from '../../domain/edit.ts';

/**
 * An edit of another task as it may be tried on this prompt: an insertion whose place is not there goes to the end.
 * `undefined` for worked examples, which may hold what users of the other task wrote, and for edits that name a
 * `{{slot}}` or a phrase that this prompt does not have.
 */
export function transplant(edit: Edit, prompt: string): Edit | undefined {
  if (edit.op === 'add-example') return undefined;
  const text = 'text' in edit ? edit.text : '';
  if ([...text.matchAll(/\{\{[^{}]+\}\}/g)].some(([slot]) => !prompt.includes(slot))) return undefined;
  if ('find' in edit && !prompt.includes(edit.find)) return undefined;
  if (!('after' in edit) || edit.after === undefined || prompt.includes(edit.after)) return edit;
  const { after: _after, ...endwards } = edit;
  return endwards;
}
