import type { AuditAction, AuditEntry } from '../../domain/audit-entry.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { GateChange } from '../../store/campaign-store.ts';
import { auditName, type Actor } from '../actor.ts';
import type { ApiDeps } from './api-deps.ts';

/** Attempts where the gate changes the same thing at the same moment. */
const attemptsMax = 8;

/** What a person decided, after a look at what is there. */
export type Decided<Result> =
  | {
      readonly kind: 'change';
      readonly change: Omit<GateChange, 'audit'>;
      readonly audit: Omit<AuditEntry, 'actor' | 'atMs' | 'taskId' | 'action'>;
      readonly result: Result;
    }
  /** It is as it shall be. */
  | { readonly kind: 'done'; readonly result: Result };

/**
 * Changes something by a person's word, with its entry in the audit log, in one transaction under the same revision
 * check as the gate's own changes. Where the gate was first, what it left is looked at and decided upon anew.
 */
export async function commitByHand<Result>(
  { store, clock, logger }: Pick<ApiDeps, 'store' | 'clock' | 'logger'>,
  { actor, action }: { readonly actor: Actor; readonly action: AuditAction },
  decide: () => Promise<Decided<Result>>,
): Promise<Result> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const decided = await decide();
    if (decided.kind === 'done') return decided.result;
    const { change, audit, result } = decided;
    const { taskId } = change;
    const entry: AuditEntry = { ...audit, actor: auditName(actor), action, taskId, atMs: clock.now() };
    if ((await store.commitGate({ ...change, audit: entry })) === 'committed') {
      logger.info('control.change', { actor: actor.id, action, taskId, subject: audit.subject });
      return result;
    }
  }
  throw new RatchetError('conflict', 'it keeps changing; try again', { isRetryable: true });
}

/** Throws `conflict` where what a person asks for cannot be. */
export function assertAllowed<Order extends { readonly kind: string }>(
  order: Order | { readonly kind: 'refused'; readonly reason: string },
): asserts order is Exclude<Order, { readonly kind: 'refused' }> {
  if (order.kind === 'refused' && 'reason' in order) throw new RatchetError('conflict', order.reason);
}
