/** Where a running world stands: the number of its live request, and so which shifts have happened. */
export interface Moment {
  /** Number of the live request under way, from 0. */
  readonly request: () => number;
  /** Moves on, or back. Throws a RangeError unless `request` is a whole number of 0 or more. */
  readonly setRequest: (request: number) => void;
  /** How many changes have happened: 0 before the first. Values that depend on the moment are constant within it. */
  readonly phase: () => number;
}

/** A moment that begins at request 0; a change at request n is in force from request n on. */
export function createMoment(changesAtRequest: readonly number[]): Moment {
  const boundaries = changesAtRequest.toSorted((one, other) => one - other);
  let request = 0;
  let phase = phaseAt(boundaries, 0);
  return {
    request: () => request,
    setRequest: (next) => {
      if (!Number.isSafeInteger(next) || next < 0)
        throw new RangeError(`request number ${next} is not a whole number of 0 or more`);
      request = next;
      phase = phaseAt(boundaries, next);
    },
    phase: () => phase,
  };
}

function phaseAt(boundaries: readonly number[], request: number): number {
  const next = boundaries.findIndex((boundary) => boundary > request);
  return next === -1 ? boundaries.length : next;
}
