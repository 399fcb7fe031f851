/** Why a suggestion of the optimizer model became no campaign. */
export type DropReason =
  /** Not a proposal with an intent and 1 to 5 edits. */
  | 'malformed'
  /** More proposals than an answer may hold. */
  | 'too-many'
  /** A field that its operation needs is missing. */
  | 'missing-field'
  | 'too-long'
  | 'control-character'
  /** Names a `{{slot}}` that the prompt does not have. */
  | 'unknown-slot'
  /** Repeats what a user or the assistant wrote. */
  | 'copies-traffic'
  /** Holds a mail address, phone, card or account number that the prompt does not have. */
  | 'holds-personal-data'
  /** Holds a key, token or password. */
  | 'holds-secret'
  /** Holds an address on the web that the prompt does not have. */
  | 'adds-link'
  /** Written to the optimizer, the gate or a grader, or against the rules of the prompt. */
  | 'steers-machinery'
  /** Words of mixed scripts, which read otherwise than they are written. */
  | 'disguised'
  /** A worked example, where the task forbids them. */
  | 'example-forbidden'
  /** Makes the prompt longer than the gate lets one step. */
  | 'too-large'
  /** A phrase that it names is not in the fixed text of the prompt. */
  | 'does-not-apply'
  | 'changes-nothing'
  | 'empties-prompt'
  /** Has been tried, see `edit-history.ts`. */
  | 'already-tried'
  /** Has done harm, or nothing, here or in like tasks. */
  | 'expected-harm'
  /** Good, but more than the task may have open. */
  | 'no-room';

/** How many were dropped for each reason. */
export type DropCounts = Readonly<Partial<Record<DropReason, number>>>;

/** Counts the reasons, added to what was counted before. */
export function countDrops(reasons: readonly DropReason[], before: DropCounts = {}): DropCounts {
  const counts: Partial<Record<DropReason, number>> = { ...before };
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
