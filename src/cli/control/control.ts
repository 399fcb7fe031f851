import type { Operation } from '../../console/api/operation.schema.ts';

/** Asks the control API: a running server, or the database without one. What it answers is the same. */
export interface Control {
  /** Who is asked. A database does not know how its servers are configured. */
  readonly kind: 'server' | 'database';
  /** Asks an operation that answers with a value. Rejects with the `RatchetError` that the API would answer with. */
  readonly ask: Ask;
  /** The lines of an operation that streams, in chunks. Throws where the stream breaks off. */
  readonly stream: (operation: Operation, given?: Given) => AsyncIterable<string>;
}

/** Asks an operation that answers with a value. */
export type Ask = <Result>(operation: Operation<Result>, given?: Given) => Promise<Result>;

/** What an operation is asked with; parameters and queries are texts, as in an address. */
export interface Given {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
