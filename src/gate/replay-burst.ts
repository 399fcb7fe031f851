import type { Alarm } from '../domain/gate-state.ts';
import { countOf } from '../domain/histogram.ts';
import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';
import type { TraceQuery } from '../store/trace-store.ts';
import type { AlarmTarget } from './alarm-target.ts';
import { burstPairsMax, type Contest } from './burst.ts';
import { answerAndGrade } from './remote-grades.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { compareRuns, unitPairs } from './unit-pairs.ts';

/** An alarmed arm beside the places it could give way to. */
export interface Burst {
  readonly alarm: Alarm;
  readonly alarmed: Variant;
  /** Whose ledger takes the pairs: the alarmed arm's campaign, or a name beside it. */
  readonly ledgerId: string;
  readonly opponents: readonly Variant[];
  readonly target: AlarmTarget;
}

/** How many past requests are looked through, for each one that a burst may replay in a cycle. */
const pastFactor = 4;

/**
 * Replays requests for a burst, as many as a cycle may, and counts them into its ledger. The arm answers each request
 * once for all opponents, and once for all bursts of an alarm.
 */
export async function replayBurst(burst: Burst, view: TaskView, session: Session): Promise<void> {
  const { config } = view.task;
  const { alarm, alarmed, ledgerId, opponents, target } = burst;
  const contests = await readContests(burst, session);
  const isFull = contests.every(({ differences }) => countOf(differences) >= burstPairsMax);
  if (opponents.length === 0 || isFull || !target.isReplayable) return;
  const traces = await burstRequests(burst, view, session);
  const replays = traces.map((trace) => ({ trace, variants: [alarmed, ...opponents] }));
  // An alarm may use what others had to leave.
  const outcomes = await answerAndGrade(view, session, replays, 0);
  const replayed = traces.flatMap((trace, index) => {
    const outcome = outcomes[index];
    return outcome === undefined ? [] : [{ trace, outcome }];
  });
  const pairs = unitPairs(ledgerId, replayed, (request) =>
    Object.fromEntries(
      opponents.flatMap((opponent): [string, number][] => {
        const difference = compareRuns(config, request, alarmed.id, opponent.id)[target.ledger];
        return difference === undefined ? [] : [[burstLedger(alarm, opponent.id), difference]];
      }),
    ),
  );
  if (pairs.length > 0) await session.deps.store.recordPairs(pairs);
  session.tally({ pairs: pairs.length });
}

/** What the burst's ledgers hold by now, in the order of retreat. */
export async function readContests(
  { alarm, ledgerId, opponents }: Burst,
  { deps }: Session,
): Promise<readonly Contest[]> {
  const ledger = await deps.store.readLedger(ledgerId);
  return opponents.map(({ id }) => ({ opponentId: id, differences: ledger[burstLedger(alarm, id)] ?? {} }));
}

/** Each alarm has its own ledgers: what was replayed for an earlier one was answered by an earlier model. */
function burstLedger({ raisedAtMs }: Pick<Alarm, 'raisedAtMs'>, opponentId: string): string {
  return `burst:${raisedAtMs}:${opponentId}`;
}

/**
 * Requests recorded since the alarm, then older ones that had no part in raising it: those that other arms served and
 * that none of the variants has answered before, since such an answer may come from the model of then.
 */
async function burstRequests(burst: Burst, view: TaskView, session: Session): Promise<readonly Trace[]> {
  const { alarm, alarmed, ledgerId, target } = burst;
  const { burstRequests: requestsMax } = session.bounds;
  const read = async (
    query: Pick<TraceQuery, 'afterMs' | 'untilMs' | 'order' | 'limit'>,
  ): Promise<readonly Trace[]> =>
    await session.deps.store.readTraces({
      taskId: view.task.id,
      baselineVersion: view.plan.baselineVersion,
      notPairedIn: ledgerId,
      ...(target.needsTruth ? { hasExpected: true } : {}),
      ...query,
    });
  // What is of no use is marked as seen, so that the next cycle looks further.
  const markSeen = async (useless: readonly Trace[]): Promise<void> => {
    if (useless.length === 0) return;
    await session.deps.store.recordPairs(
      useless.map(({ decision }) => ({
        campaignId: ledgerId,
        unitId: decision.episodeId,
        differences: {},
      })),
    );
  };
  const isMeant = ({ decision }: Trace): boolean =>
    target.segment === null || decision.segment === target.segment;
  const limit = target.segment === null ? requestsMax : pastFactor * requestsMax;
  const recent = await read({ afterMs: alarm.raisedAtMs, order: 'oldest', limit });
  const since = recent.filter(isMeant);
  await markSeen(recent.filter((trace) => !isMeant(trace)));
  if (since.length >= requestsMax) return since.slice(0, requestsMax);
  const past = await read({ untilMs: alarm.raisedAtMs, order: 'newest', limit: pastFactor * requestsMax });
  const stale = await staleDecisions(past, burst, view.task.id, session);
  const isNeutral = (trace: Trace): boolean =>
    isMeant(trace) && trace.decision.variantId !== alarmed.id && !stale.has(trace.decision.decisionId);
  await markSeen(past.filter((trace) => !isNeutral(trace)));
  return [...since, ...past.filter(isNeutral)].slice(0, requestsMax);
}

async function staleDecisions(
  past: readonly Trace[],
  { alarm, alarmed, opponents }: Burst,
  taskId: string,
  { deps }: Session,
): Promise<ReadonlySet<string>> {
  const ids = past.map(({ decision }) => decision.decisionId);
  const runs = await Promise.all(
    [alarmed, ...opponents].map(async ({ id }) => await deps.store.readShadowRuns(taskId, id, ids)),
  );
  const old = runs.flat().filter(({ atMs }) => atMs <= alarm.raisedAtMs);
  return new Set(old.map(({ decisionId }) => decisionId));
}
