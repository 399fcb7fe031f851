/** Completions whose decisions are known at a time; the oldest are forgotten first. */
const completionsMax = 10_000;

/** Kept by the module, since what asks for a decision has nothing but the completion. */
const decisions = new Map<string, string>();

/** Keeps which decision a completion or response came from. Of equal ids the newest counts. */
export function rememberDecision(completionId: string, decisionId: string): void {
  decisions.delete(completionId);
  decisions.set(completionId, decisionId);
  if (decisions.size <= completionsMax) return;
  const [oldest] = decisions.keys();
  if (oldest !== undefined) decisions.delete(oldest);
}

/** The decision that a completion or response came from, if it came through `ratchetFetch` and is not long ago. */
export function recallDecision(completionId: string): string | undefined {
  return decisions.get(completionId);
}
