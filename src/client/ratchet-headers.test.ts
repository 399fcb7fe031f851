import { expect, test } from 'vitest';
import { ratchetHeaders } from './ratchet-headers.ts';

test('names become headers; what is not named is left out', () => {
  expect(ratchetHeaders({})).toEqual({});
  expect(ratchetHeaders({ task: 'triage', episode: undefined, bypass: false })).toEqual({
    'x-ratchet-task': 'triage',
  });
  expect(ratchetHeaders({ task: 'a b', episode: 'run 7', variant: 'baseline', bypass: true })).toEqual({
    'x-ratchet-task': 'a b',
    'x-ratchet-episode': 'run 7',
    'x-ratchet-variant': 'baseline',
    'x-ratchet-bypass': '1',
  });
});

test.each(['', ' ', 'süß', 'a\nb', 'a\r\nx-evil: 1', '🎫'])('a header cannot carry the name %j', (name) => {
  expect(() => ratchetHeaders({ task: name })).toThrow(RangeError);
  expect(() => ratchetHeaders({ episode: name })).toThrow(/^episode has to be printable ASCII/);
});
