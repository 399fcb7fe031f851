/** What `ratchet doctor` found, and what to do about it. */
export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failure';
  readonly detail: string;
  /** What an operator should do; `null` where nothing is wrong. */
  readonly fix: string | null;
}

/** Nothing is wrong. */
export function ok(name: string, detail: string): Finding {
  return { name, status: 'ok', detail, fix: null };
}

/** It works, and should be looked at. */
export function warning(name: string, detail: string, fix: string): Finding {
  return { name, status: 'warning', detail, fix };
}

/** It does not work. */
export function failure(name: string, detail: string, fix: string): Finding {
  return { name, status: 'failure', detail, fix };
}
