import { expect, test } from 'vitest';
import type { ResponseObserver } from './relay-response.ts';
import { harmlessObserver } from './harmless-observer.ts';

const served = { reason: 'OK', isUsageRequested: false } as Parameters<ResponseObserver['onHead']>[2];
const chunk = new TextEncoder().encode('data: {"secret": "of a user"}\n\n');

const fail = (): never => {
  throw new RangeError('the secret of a user');
};

function observed(observer: Partial<ResponseObserver>) {
  const logged: unknown[] = [];
  const calm: ResponseObserver = {
    addedHeaders: () => ['x-ratchet-task', 'triage'],
    onHead: () => null,
    onChunk: () => {},
    onOver: () => {},
  };
  const harmless = harmlessObserver(
    { ...calm, ...observer },
    { error: (event, fields) => void logged.push([event, fields]) },
  );
  return { harmless, logged };
}

test('what an observer throws is logged without its text, and stops nothing', () => {
  const { harmless, logged } = observed({ addedHeaders: fail, onHead: fail, onChunk: fail, onOver: fail });
  expect(harmless.addedHeaders()).toEqual([]);
  expect(harmless.onHead(200, [], served)).toBeNull();
  harmless.onChunk(chunk);
  harmless.onOver(null);
  expect(logged).toEqual(Array.from({ length: 4 }, () => ['observing-failed', { error: 'RangeError' }]));
});

test('a filter that fails lets pass what it was given', () => {
  const { harmless, logged } = observed({ onHead: () => ({ push: fail, end: fail }) });
  const filter = harmless.onHead(200, [], served);
  expect(filter?.push(chunk)).toBe(chunk);
  expect(filter?.end()).toEqual(new Uint8Array());
  expect(logged).toHaveLength(2);
});

test('one that does not fail is as if nobody looked after it', () => {
  const seen: unknown[] = [];
  const { harmless, logged } = observed({
    onHead: () => ({ push: (piece) => piece.subarray(1), end: () => chunk }),
    onChunk: (piece) => void seen.push(piece),
    onOver: (failure) => void seen.push(failure),
  });
  expect(harmless.addedHeaders()).toEqual(['x-ratchet-task', 'triage']);
  const filter = harmless.onHead(200, [], served);
  expect(filter?.push(chunk)).toEqual(chunk.subarray(1));
  expect(filter?.end()).toBe(chunk);
  harmless.onChunk(chunk);
  harmless.onOver(null);
  expect(seen).toEqual([chunk, null]);
  expect(logged).toEqual([]);
});
