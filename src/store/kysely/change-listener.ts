/** Begins to listen to changes of plans, tasks and probabilities; rejects with `store_unavailable`. */
export type ChangeListener = (onChange: () => void) => Promise<Listening>;

/** A way on which changes are told of, soon after they are committed. */
export interface Listening {
  /** Resolves when nothing comes on it any more. Never rejects. */
  readonly ended: Promise<void>;
  /** Rejects with `store_unavailable` unless it is seen to work. */
  readonly prove: () => Promise<void>;
  readonly close: () => Promise<void>;
}
