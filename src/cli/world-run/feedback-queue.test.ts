import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFeedbackQueue } from './feedback-queue.ts';

it('gives every item once, and none before its time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30)), (delays) => {
      const queue = createFeedbackQueue<{ due: number }>();
      const taken: { due: number }[] = [];
      for (const [request, delay] of delays.entries()) {
        queue.add(request + delay, { due: request + delay });
        const due = queue.takeDue(request);
        for (const item of due) expect(item.due).toBeLessThanOrEqual(request);
        taken.push(...due);
      }
      taken.push(...queue.takeDue(100));
      expect(taken.map(({ due }) => due)).toHaveLength(delays.length);
      expect(new Set(taken).size).toBe(delays.length);
      expect(queue.size()).toBe(0);
    }),
  );
});
