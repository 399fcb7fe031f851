import type { FeedbackTarget } from '../domain/feedback.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import type { Caller } from './caller.ts';
import { decisionIdPrefix, type DecisionIds } from './decision-id.ts';
import { episodeNameMax } from './episode-key.ts';
import { invalidField, type FeedbackEntry } from './feedback.schema.ts';
import type { KnownName, RecentNames } from './recent-names.ts';
import type { SnapshotSource } from './tracked-task.ts';

/** What a feedback is about, as far as it is known here. */
export interface KnownTarget {
  readonly target: FeedbackTarget;
  /** Whose names it belongs to. */
  readonly scope: string;
  /** `undefined`: only the store may know. */
  readonly config: TaskConfig | undefined;
  readonly decisionId: string | null;
  readonly taskName: string | null;
  readonly traceId: string | null;
}

/** What finding a target needs. */
export interface TargetDeps {
  readonly ids: DecisionIds;
  readonly names: RecentNames;
  readonly snapshots: Pick<SnapshotSource, 'get'>;
  readonly isLoopback: boolean;
}

/**
 * Finds what an entry is about. `index` is its place in a list. Throws `unknown_decision` for a forged id,
 * `decision_expired`, and `invalid_feedback` for an id that cannot be one.
 */
export function findTarget(
  deps: TargetDeps,
  { id, fieldNames }: Pick<FeedbackEntry, 'id' | 'fieldNames'>,
  {
    caller,
    nowMs,
    index,
  }: { readonly caller: Caller; readonly nowMs: number; readonly index: number | undefined },
): KnownTarget {
  if (!id.startsWith(decisionIdPrefix)) {
    if (id.length > episodeNameMax || hasControlCharacter(id))
      throw invalidField('is no id', fieldNames.id, index);
    return named(deps, id, caller);
  }
  const configOf = (taskId: string): TaskConfig | undefined => deps.snapshots.get(taskId)?.task.config;
  const verified = deps.ids.verify(
    id,
    nowMs,
    (taskId) => (configOf(taskId) ?? defaultTaskConfig).gate.attributionWindowMs,
  );
  const param = index === undefined ? fieldNames.id : `[${index}].${fieldNames.id}`;
  switch (verified.kind) {
    case 'malformed':
      throw invalidField('is a damaged decision id', fieldNames.id, index);
    case 'forged':
      throw new RatchetError('unknown_decision', `${param}: this server has not given out this id`, {
        param,
      });
    case 'expired':
      throw new RatchetError(
        'decision_expired',
        `${param}: the time in which feedback counts for this decision is over`,
        { param },
      );
    case 'valid': {
      const { decisionId, taskId } = verified.ref;
      return {
        target: { kind: 'decision', ref: verified.ref },
        scope: caller.scope,
        config: configOf(taskId),
        decisionId,
        taskName: deps.snapshots.get(taskId)?.task.name ?? null,
        traceId: null,
      };
    }
  }
}

function named(deps: TargetDeps, name: string, caller: Caller): KnownTarget {
  const found = deps.names.find(name);
  const known = found !== undefined && isFor(caller, found, deps.isLoopback) ? found : undefined;
  const decision = known?.decision ?? null;
  return {
    target: { kind: 'name', name },
    scope: known?.scope ?? caller.scope,
    config: decision === null ? undefined : deps.snapshots.get(decision.taskId)?.task.config,
    decisionId: decision?.decisionId ?? null,
    taskName: decision?.taskName ?? null,
    traceId: decision?.traceId ?? null,
  };
}

/**
 * A name belongs to the scope that it was given in. On loopback, where feedback needs no credential though completions
 * may have had one, feedback without a credential may name anything.
 */
function isFor(caller: Caller, { scope }: KnownName, isLoopback: boolean): boolean {
  return scope === caller.scope || (isLoopback && caller.credentialHeader === null);
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
