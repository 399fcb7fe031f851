import type { Baseline } from '../../domain/task.ts';

/** Whether a baseline replaces the stored one: a higher version, or the same one with another skeleton or count. */
export function isNewerBaseline(stored: Baseline, baseline: Baseline): boolean {
  if (baseline.version !== stored.version) return baseline.version > stored.version;
  return (
    baseline.stableFor !== stored.stableFor ||
    JSON.stringify(baseline.skeleton) !== JSON.stringify(stored.skeleton)
  );
}
