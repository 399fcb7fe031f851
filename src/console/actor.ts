import type { AdminRole } from '../domain/admin-token.ts';

/** Who asks: the id of an admin token, or `local` where a server on loopback asks for none. */
export interface Actor {
  readonly id: string;
  readonly role: AdminRole;
}

/** What requests to the control plane carry along. */
export interface ConsoleEnv {
  readonly Variables: { readonly actor: Actor };
}
