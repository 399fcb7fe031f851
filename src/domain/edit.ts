/**
 * One small typed change of a prompt. Phrases (`after`, `find`, `to`) are looked up in the fixed text of the prompt,
 * never inside a slot; the first occurrence counts. `intent` says in a few words what the edit is for.
 */
export type Edit =
  | { readonly op: 'insert'; readonly text: string; readonly after?: string; readonly intent: string }
  | { readonly op: 'replace'; readonly find: string; readonly text: string; readonly intent: string }
  | { readonly op: 'delete'; readonly find: string; readonly intent: string }
  /** Moves the phrase `find` to stand after the phrase `after`, or to the end of the prompt. */
  | { readonly op: 'move'; readonly find: string; readonly after?: string; readonly intent: string }
  /** Appends a worked example. */
  | { readonly op: 'add-example'; readonly text: string; readonly intent: string };
