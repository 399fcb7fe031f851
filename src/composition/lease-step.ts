import type { Lease } from '../store/lease-store.ts';

/** What a process has seen of a lease, by its own watch. */
export interface LeaseView {
  /** `undefined`: nobody has ever had it. */
  readonly lease: Lease | undefined;
  /** When it was first seen as it is, milliseconds of a watch that only goes forward. */
  readonly sinceMs: number;
}

/** The view after one more look. */
export function look(before: LeaseView | undefined, lease: Lease | undefined, nowMs: number): LeaseView {
  const isSame =
    before !== undefined && before.lease?.holder === lease?.holder && before.lease?.beat === lease?.beat;
  return isSame ? before : { lease, sinceMs: nowMs };
}

/**
 * The lease to ask for: one's own again, one that nobody has, or one whose holder has given no sign of life for
 * `patienceMs`. `undefined`: it is somebody else's.
 */
export function leaseToTake(
  { lease, sinceMs }: LeaseView,
  me: { readonly name: string; readonly holder: string; readonly patienceMs: number },
  nowMs: number,
): Lease | undefined {
  const isMine = lease === undefined || lease.holder === '' || lease.holder === me.holder;
  if (!isMine && nowMs - sinceMs < me.patienceMs) return undefined;
  return { name: me.name, holder: me.holder, beat: (lease?.beat ?? 0) + 1 };
}
