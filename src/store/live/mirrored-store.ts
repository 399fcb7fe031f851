import type { Clock } from '../../domain/clock.ts';
import type { Decision } from '../../domain/decision.ts';
import type { ShadowRun } from '../../domain/shadow-run.ts';
import type { Task } from '../../domain/task.ts';
import type { Trace } from '../../domain/trace.ts';
import { decisionBytes } from '../cached/decision-bytes.ts';
import type { Store } from '../store.ts';
import type { TraceQuery } from '../trace-store.ts';
import { createHeld, type HeldSettings } from './held.ts';

/** A store in which the texts of mirrored tasks are in memory alone. */
export interface MirroredStore {
  readonly store: Store;
  /** Takes requests that have just been served, with their texts. */
  readonly receive: (decisions: readonly Decision[]) => void;
  /** Tasks whose requests are mirrored, as far as has been read. */
  readonly taskIds: () => readonly string[];
}

/** Requests that are held, so that ground truth has a day to come. */
const requestsHeld: HeldSettings = { countMax: 2_000, bytesMax: 64 * 1024 * 1024, ageMsMax: 86_400_000 };

/** Answers that are held: as many as a test's requests may need. */
const answersHeld: HeldSettings = { countMax: 10_000, bytesMax: 64 * 1024 * 1024, ageMsMax: 86_400_000 };

/** What an answer takes beside its text, bytes. */
const answerBytes = 1_000;

/** Names that a store is asked for at a time. */
const namesMax = 500;

/**
 * For tasks with `shadow: {mode: mirror}`: traces are those of the requests that are held in memory, with what the store
 * knows of them by now (reward, ground truth, what has counted them), and answers to them are held in memory too.
 * Everything else, and every other task, is the store's. After a restart nothing is held, and later requests serve.
 */
export function createMirroredStore(store: Store, clock: Clock): MirroredStore {
  const mirrored = new Set<string>();
  const requests = createHeld<Decision>(clock, requestsHeld);
  const answers = createHeld<ShadowRun>(clock, answersHeld);
  const note = ({ id, config }: Task): void => {
    if (config.shadow?.mode === 'mirror') mirrored.add(id);
    else mirrored.delete(id);
  };
  const held = (taskId: string): ReadonlyMap<string, Decision> =>
    new Map(
      requests
        .values()
        .flatMap((decision) =>
          decision.taskId === taskId ? [[decision.decisionId, decision] as const] : [],
        ),
    );
  return {
    receive: (decisions) => {
      for (const decision of decisions) requests.set(decision.decisionId, decision, decisionBytes(decision));
    },
    taskIds: () => [...mirrored],
    store: {
      ...store,
      readSnapshot: async (sinceRevision) => {
        const snapshot = await store.readSnapshot(sinceRevision);
        for (const { task } of snapshot.tasks) note(task);
        return snapshot;
      },
      readTask: async (taskId) => {
        const found = await store.readTask(taskId);
        if (found !== undefined) note(found.task);
        return found;
      },
      readTraces: async (query) =>
        mirrored.has(query.taskId) && query.decisionIds === undefined
          ? await readHeld(store, query, held(query.taskId))
          : await store.readTraces(query),
      saveShadowRuns: async (runs) => {
        for (const run of runs.filter(({ taskId }) => mirrored.has(taskId)))
          if (answers.get(answerKey(run)) === undefined) answers.set(answerKey(run), run, bytesOf(run));
        const stored = runs.filter(({ taskId }) => !mirrored.has(taskId));
        if (stored.length > 0) await store.saveShadowRuns(stored);
      },
      readShadowRuns: async (taskId, variantId, decisionIds) =>
        mirrored.has(taskId)
          ? decisionIds.flatMap(
              (decisionId) => answers.get(answerKey({ taskId, variantId, decisionId })) ?? [],
            )
          : await store.readShadowRuns(taskId, variantId, decisionIds),
    },
  };
}

/** What the store knows by now of requests that are held. Ground truth is looked for here, since it may come for any. */
async function readHeld(
  store: Pick<Store, 'readTraces'>,
  { hasExpected, limit, ...query }: TraceQuery,
  held: ReadonlyMap<string, Decision>,
): Promise<readonly Trace[]> {
  const ids = [...held.keys()];
  const found: Trace[] = [];
  for (let start = 0; start < ids.length; start += namesMax) {
    const decisionIds = ids.slice(start, start + namesMax);
    found.push(...(await store.readTraces({ ...query, decisionIds, limit: namesMax })));
  }
  const direction = query.order === 'newest' ? -1 : 1;
  return found
    .filter(({ expected }) => hasExpected === undefined || (expected !== null) === hasExpected)
    .toSorted(({ decision: one }, { decision: other }) => direction * inTime(one, other))
    .slice(0, Math.max(0, limit))
    .map((trace) => {
      const content = held.get(trace.decision.decisionId)?.content ?? trace.decision.content;
      return { ...trace, decision: { ...trace.decision, content } };
    });
}

function inTime(one: Decision, other: Decision): number {
  return one.atMs - other.atMs || (one.decisionId < other.decisionId ? -1 : 1);
}

function answerKey({
  taskId,
  variantId,
  decisionId,
}: Pick<ShadowRun, 'taskId' | 'variantId' | 'decisionId'>): string {
  return JSON.stringify([taskId, variantId, decisionId]);
}

function bytesOf({ completion }: ShadowRun): number {
  return completion.toolCalls.reduce(
    (bytes, call) => bytes + call.arguments.length,
    answerBytes + completion.text.length,
  );
}
