import type { RunResult } from './run.ts';

/** Calls after which the incumbent's true value reached a level for good enough to count: for the first time. `null`: never. */
export function reach({ steps }: Pick<RunResult, 'steps'>, level: number): number | null {
  return steps.find(({ value }) => value >= level)?.calls ?? null;
}

/** Calls until a level is reached; a run that never did counts with all of its calls, which is too few. */
export function callsTo(
  result: RunResult,
  level: number,
): { readonly calls: number; readonly isReached: boolean } {
  const calls = reach(result, level);
  return { calls: Math.max(1, calls ?? result.calls), isReached: calls !== null };
}

/** The incumbent's true value after so many calls; after the last ones it stays. */
export function valueAt({ steps }: Pick<RunResult, 'steps'>, calls: number): number {
  return steps.findLast((step) => step.calls <= calls)?.value ?? Number.NaN;
}

/** The mean true value over the first calls: the area under the curve, divided by its length. */
export function areaUnder(result: Pick<RunResult, 'steps'>, callsMax: number): number {
  const { steps } = result;
  return (
    steps.reduce((sum, { calls, value }, index) => {
      const end = Math.min(callsMax, steps[index + 1]?.calls ?? callsMax);
      return sum + Math.max(0, end - calls) * value;
    }, 0) / callsMax
  );
}
