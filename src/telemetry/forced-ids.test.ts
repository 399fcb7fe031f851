import { expect, test } from 'vitest';
import { createForcedIds } from './forced-ids.ts';

const random = { generateTraceId: () => 'random trace', generateSpanId: () => 'random span' };

test('ids are forced inside, and only inside, even when starting a span fails', () => {
  const ids = createForcedIds(random);
  const both = (): readonly string[] => [ids.generateTraceId(), ids.generateSpanId()];
  expect(ids.within({ traceId: 't', spanId: 's' }, both)).toEqual(['t', 's']);
  expect(ids.within({ traceId: 't' }, both)).toEqual(['t', 'random span']);
  expect(() =>
    ids.within({ traceId: 't' }, () => {
      throw new Error('no span');
    }),
  ).toThrow('no span');
  expect(both()).toEqual(['random trace', 'random span']);
});
