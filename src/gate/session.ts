import type { GateBounds, GateDeps, GateReport } from './gate-deps.ts';
import { defaultBounds } from './gate-deps.ts';
import { createGateMemory, type GateMemory } from './gate-memory.ts';
import { openPurse, type Purse } from './purse.ts';
import type { TaskView } from './task-view.ts';

/** One task's share of one cycle: its means, and what has been done with them. */
export interface Session extends GateMemory {
  readonly deps: GateDeps;
  readonly bounds: GateBounds;
  readonly purse: Purse;
  /** Adds to the cycle's report. */
  readonly tally: (done: Partial<GateReport>) => void;
}

/** Opens a session on a task. */
export async function openSession(deps: GateDeps, view: TaskView, tally: Session['tally']): Promise<Session> {
  const purse = await openPurse(deps.store, view.task, deps.clock, deps.allowance);
  const memory = deps.gateMemory ?? createGateMemory(deps.clock);
  return { deps, bounds: { ...defaultBounds, ...deps.bounds }, purse, tally, ...memory };
}
