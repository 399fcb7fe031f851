import { costUsd } from '../domain/price.ts';
import type { GateBounds, GateDeps, GateReport } from './gate-deps.ts';
import { defaultBounds } from './gate-deps.ts';
import type { AskJudge } from './graders/grader.ts';
import { createJudge } from './graders/judge.ts';
import { openPurse, type Purse } from './purse.ts';
import type { TaskView } from './task-view.ts';

/** One task's share of one cycle: its means, and what has been done with them. */
export interface Session {
  readonly deps: GateDeps;
  readonly bounds: GateBounds;
  readonly purse: Purse;
  readonly ask: AskJudge;
  /** Adds to the cycle's report. */
  readonly tally: (done: Partial<GateReport>) => void;
}

/** Opens a session on a task. */
export async function openSession(deps: GateDeps, view: TaskView, tally: Session['tally']): Promise<Session> {
  const purse = await openPurse(deps.store, view.task, deps.clock);
  const ask = createJudge(deps.model, deps.judgeModelName, (usage, model) => {
    const usd = costUsd(usage, deps.priceOf(model));
    purse.owe({ usd, judgeCalls: 1 });
    deps.telemetry.count('ratchet.learning.usd', usd, { task: view.task.name, kind: 'judge' });
  });
  return { deps, bounds: { ...defaultBounds, ...deps.bounds }, purse, ask, tally };
}
