/** A token that opens the control plane. Only its id is ever logged or stored. */
export interface AdminToken {
  readonly id: string;
  readonly secret: string;
  readonly role: AdminRole;
}

/** `viewer` reads, exports included; `operator` also changes what learns and serves, and has data forgotten. */
export type AdminRole = 'viewer' | 'operator';
