import { expect, test } from 'vitest';
import { createRecentSpans } from './recent-spans.ts';

test('the oldest spans are forgotten first, and never more are kept than the capacity', () => {
  const recent = createRecentSpans(2);
  for (const id of ['a', 'b', 'c']) recent.remember(id, { traceId: id, spanId: id, traceFlags: 1 });
  expect(recent.find('a')).toBeUndefined();
  expect(recent.find('b')?.traceId).toBe('b');
  expect(recent.find('c')?.traceId).toBe('c');
});
