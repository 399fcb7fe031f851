import { startStep } from './campaign-telemetry.ts';
import { openAllowance } from './allowance.ts';
import { createGateMemory } from './gate-memory.ts';
import { emptyReport, type GateDeps, type GateReport } from './gate-deps.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { GateChange } from '../store/campaign-store.ts';
import { openSession, type Session } from './session.ts';
import { assignCredit } from './steps/assign-credit.ts';
import { checkContracts } from './steps/check-contracts.ts';
import { collectPairs } from './steps/collect-pairs.ts';
import { decideVerdicts } from './steps/decide-verdicts.ts';
import { endOrphans } from './steps/end-orphans.ts';
import { followBaseline } from './steps/follow-baseline.ts';
import { investigateAlarm } from './steps/investigate-alarm.ts';
import { learnJudges } from './steps/learn-judges.ts';
import { moveCanary } from './steps/move-canary.ts';
import { openTrials } from './steps/open-trials.ts';
import { replayPinned } from './steps/replay-pinned.ts';
import { screenProposals } from './steps/screen-proposals.ts';
import type { Step } from './steps/step.ts';
import { tryHeldOut } from './steps/try-held-out.ts';
import { watchRewards } from './steps/watch-rewards.ts';
import { isHeld, readView, type TaskView } from './task-view.ts';

/** The gate as a thing that can be run again and again. */
export interface Gate {
  /** One cycle over all tasks. Cycles of one gate do not overlap. */
  readonly runCycle: () => Promise<GateReport>;
}

/** A gate over a store and a model. */
export function createGate(deps: GateDeps): Gate {
  const gateMemory = deps.gateMemory ?? createGateMemory(deps.clock);
  let running: Promise<GateReport> | undefined;
  return {
    runCycle: async () => {
      running ??= runGateCycle({ ...deps, gateMemory }).finally(() => {
        running = undefined;
      });
      return await running;
    },
  };
}

/**
 * Leads every task one step further: new proposals are screened, those under test get more pairs and a verdict, what
 * passed serves a small share, what proved itself there is promoted, and what serves is watched. Everything it knows
 * is in the store and each change is one transaction, so a cycle may be cut off anywhere, and several workers may run
 * cycles at once: the one that comes too late reads again. A task whose cycle fails does not hold up the others.
 */
export async function runGateCycle(given: GateDeps): Promise<GateReport> {
  const { store, clock, usdPerDay = null, gateMemory = createGateMemory(clock) } = given;
  let report = emptyReport;
  const tally = (done: Partial<GateReport>): void => {
    report = addReports(report, done);
  };
  const { tasks } = await store.readSnapshot(0);
  const taskIds = tasks.map(({ task }) => task.id);
  const allowance = await openAllowance(store, taskIds, { usdPerDay, clock });
  const deps = { ...given, gateMemory, allowance };
  for (const { task } of tasks) {
    try {
      await runTask(task.id, deps, tally);
      tally({ tasks: 1 });
    } catch (error) {
      tally({ failures: 1 });
      const code = error instanceof RatchetError ? error.code : 'internal';
      deps.logger.error('gate.cycle.failed', { taskId: task.id, code });
    }
  }
  return report;
}

/** The way of a task through the gate, in order. Alarms come before tests, since they may end what is under test. */
const steps: readonly Step[] = [
  followBaseline,
  checkContracts,
  endOrphans,
  watchRewards,
  investigateAlarm,
  replayPinned,
  assignCredit,
  openTrials,
  screenProposals,
  tryHeldOut,
  learnJudges,
  collectPairs,
  decideVerdicts,
  moveCanary,
];

/** What goes on while a person has learning stand still: it changes only what serves badly, or no more at all. */
const protective: ReadonlySet<Step> = new Set([
  followBaseline,
  endOrphans,
  watchRewards,
  investigateAlarm,
  moveCanary,
]);

async function runTask(taskId: string, deps: GateDeps, tally: Session['tally']): Promise<void> {
  let view = await readView(deps.store, taskId);
  if (view === undefined) return;
  const session = await openSession(deps, view, tally);
  for (const step of steps) {
    if (isHeld(view) && !protective.has(step)) continue;
    const change = await step(view, session);
    if (change === null) continue;
    if (!(await commit(change, view, session))) return;
    view = await readView(deps.store, taskId);
    if (view === undefined) return;
  }
}

/** Whether the change was made; if not, another worker has changed the task since it was read. */
async function commit(change: GateChange, view: TaskView, { deps, tally }: Session): Promise<boolean> {
  const { plan } = change;
  const cause = plan?.cause;
  const campaign = (change.campaigns ?? []).find(
    ({ id }) => cause !== undefined && 'campaignId' in cause && cause.campaignId === id,
  );
  const span = campaign && startStep(deps, view, campaign, 'plan.change');
  const outcome = await deps.store.commitGate(change);
  span?.end({ outcome, ...(plan === undefined ? {} : { version: plan.version, cause: plan.cause.kind }) });
  if (outcome === 'conflict') {
    tally({ conflicts: 1 });
    return false;
  }
  tally({ changes: 1 });
  if (plan !== undefined) {
    deps.telemetry.gauge('ratchet.plan.version', plan.version, { task: view.task.name });
    deps.logger.info('gate.plan', { taskId: plan.taskId, version: plan.version, cause: plan.cause.kind });
  }
  return true;
}

function addReports(one: GateReport, other: Partial<GateReport>): GateReport {
  const sum = (field: keyof GateReport): number => one[field] + (other[field] ?? 0);
  return {
    tasks: sum('tasks'),
    changes: sum('changes'),
    conflicts: sum('conflicts'),
    failures: sum('failures'),
    shadowRequests: sum('shadowRequests'),
    pairs: sum('pairs'),
  };
}
