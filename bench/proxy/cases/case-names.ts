/** What can be measured, in the order in which it is. */
export const caseNames = [
  'small',
  'large',
  'pass-through',
  'streamed',
  'chunks',
  'first-byte',
  'latency',
  'memory',
  'busy',
  'growth',
] as const;

/** One of them. */
export type CaseName = (typeof caseNames)[number];

/** Whether a text names a case. */
export function isCaseName(text: string): text is CaseName {
  return caseNames.some((name) => name === text);
}
