/** Where in an order of time, then id, a list goes on: after this one, which is not part of it. */
export interface Place {
  readonly atMs: number;
  readonly id: string;
}

/**
 * A part of a list. `next` is `null` at its end; else more may follow, also where the part holds fewer items than were
 * asked for, or none: how far one reading looks is bounded.
 */
export interface Found<Item, At = Place> {
  readonly items: readonly Item[];
  readonly next: At | null;
}
