/** Feedback that waits for its time, in the order in which it was planned. */
export interface FeedbackQueue<Item> {
  readonly add: (dueAtRequest: number, item: Item) => void;
  /** Takes out everything that is due once `request` requests have been answered. */
  readonly takeDue: (request: number) => readonly Item[];
  readonly size: () => number;
}

/** An empty queue. Taking costs time in proportion to the requests passed since the last taking. */
export function createFeedbackQueue<Item>(): FeedbackQueue<Item> {
  const byRequest = new Map<number, Item[]>();
  let next = 0;
  let size = 0;
  return {
    add: (dueAtRequest, item) => {
      const due = Math.max(next, dueAtRequest);
      const items = byRequest.get(due);
      if (items === undefined) byRequest.set(due, [item]);
      else items.push(item);
      size += 1;
    },
    takeDue: (request) => {
      const taken: Item[] = [];
      for (; next <= request; next += 1) {
        taken.push(...(byRequest.get(next) ?? []));
        byRequest.delete(next);
      }
      size -= taken.length;
      return taken;
    },
    size: () => size,
  };
}
