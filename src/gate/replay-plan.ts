import type { AgentRequest } from '../domain/agent-request.ts';
import type { Random } from '../domain/random.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';
import type { Reserve } from './purse.ts';
import { replayRequest } from './replay-request.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';

/** A recorded request and the variants that are to answer it. */
export interface Replay {
  readonly trace: Trace;
  /**
   * The first one is what the others are compared with: where it cannot answer, they need not. One alone is compared
   * with its own answers of another time.
   */
  readonly variants: readonly Variant[];
}

/** A replay with what is known of it already, and the calls that it still takes. */
export interface PlannedReplay {
  readonly kind: 'calls' | 'skipped' | 'unusable';
  readonly replay: Replay;
  /** By variant id. */
  readonly runs: ReadonlyMap<string, ShadowRun>;
  /** In random order. */
  readonly calls: readonly PlannedCall[];
  /** Variants that are set aside for now. */
  readonly waiting: ReadonlySet<string>;
}

export interface PlannedCall {
  readonly variantId: string;
  readonly request: AgentRequest;
}

/** What a plan needs beside the replay. */
export interface PlanGround {
  readonly view: TaskView;
  readonly session: Session;
  /** Answers that are stored, by `runKey`. */
  readonly known: ReadonlyMap<string, ShadowRun>;
  readonly reserve: Reserve;
}

/**
 * The calls that a replay takes. What a variant cannot answer, since its edits have no place in the prompt or it has
 * failed on this request for good, it leaves out for itself alone, unless it is the one that the others are compared
 * with.
 */
export function planReplay(replay: Replay, { view, session, known, reserve }: PlanGround): PlannedReplay {
  const { task } = view;
  const { deps, purse, patience } = session;
  const { decisionId } = replay.trace.decision;
  const runs = new Map<string, ShadowRun>();
  const calls: PlannedCall[] = [];
  const waiting = new Set<string>();
  for (const [place, { id, edits }] of replay.variants.entries()) {
    const name = { taskId: task.id, variantId: id };
    const run = known.get(runKey(id, decisionId));
    const isHopeless = run === undefined && patience.isHopeless(name, decisionId);
    const request = run === undefined && !isHopeless ? replayRequest(replay.trace, task, edits) : undefined;
    if (run !== undefined) runs.set(id, run);
    else if (request === undefined) {
      if (place > 0) continue;
      deps.telemetry.count('ratchet.shadow.unusable', 1, { task: task.name });
      return { kind: 'unusable', replay, runs, calls: [], waiting };
    } else if (place > 0 && patience.isSetAside(name)) waiting.add(id);
    else calls.push({ variantId: id, request });
  }
  // Nobody to compare with: then the answer of the first one would tell nothing.
  const [reference] = replay.variants;
  const others = [...runs.keys(), ...calls.map(({ variantId }) => variantId)].filter(
    (id) => id !== reference?.id,
  );
  if (others.length === 0 && replay.variants.length > 1)
    return { kind: waiting.size > 0 ? 'skipped' : 'unusable', replay, runs, calls: [], waiting };
  if (calls.length > 0 && !purse.take(calls.length, reserve))
    return { kind: 'skipped', replay, runs, calls: [], waiting };
  return { kind: 'calls', replay, runs, calls: shuffle(calls, deps.random), waiting };
}

/** Names a variant's answer to a request. */
export function runKey(variantId: string, decisionId: string): string {
  return `${variantId} ${decisionId}`;
}

/** Fisher-Yates. */
function shuffle<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const place = Math.floor(random.next() * (last + 1));
    const [moved] = shuffled.splice(place, 1);
    if (moved !== undefined) shuffled.push(moved);
  }
  return shuffled;
}
