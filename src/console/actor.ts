import type { AdminRole } from '../domain/admin-token.ts';

/** Who asks: the id of an admin token, `local` where a server on loopback asks for none, or a person at a shell. */
export interface Actor {
  readonly id: string;
  readonly role: AdminRole;
  /** Present for a person who works on the database from a shell, past any server. */
  readonly from?: 'cli';
}

/** What the audit log calls somebody: a person at a shell is never taken for the holder of a token. */
export function auditName({ id, from }: Actor): string {
  return from === undefined ? id : `${from}:${id}`;
}

/** What requests to the control plane carry along. */
export interface ConsoleEnv {
  readonly Variables: { readonly actor: Actor };
}
