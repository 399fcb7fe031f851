import { expect, test } from 'vitest';
import type { Store } from '../store/store.ts';
import { createReplaceableStore } from './replaceable-store.ts';

const unavailable = expect.objectContaining({ code: 'store_unavailable', isRetryable: true });

/** An engine with one method that matters here. */
function engine(readSecret: () => Promise<string>): Store {
  return { readSecret } as unknown as Store;
}

test('without an engine every call is refused, retryable', async () => {
  const { store } = createReplaceableStore();
  for (const [name, method] of Object.entries(store))
    await expect(Reflect.apply(method, store, []), name).rejects.toEqual(unavailable);
});

test('calls go to the engine of the moment', async () => {
  const { store, use, lose } = createReplaceableStore();
  use(engine(async () => 'one'));
  expect(await store.readSecret()).toBe('one');
  lose();
  await expect(store.readSecret()).rejects.toEqual(unavailable);
  use(engine(async () => 'two'));
  expect(await store.readSecret()).toBe('two');
});

test('tells how writing ended, of an engine only, and nothing of reading', async () => {
  const outcomes: unknown[] = [];
  const { store, use } = createReplaceableStore((error) => outcomes.push(error));
  await store.ping().catch(() => {});
  const full = new Error('full');
  let isFull = true;
  const ping = async (): Promise<void> => (isFull ? Promise.reject(full) : undefined);
  use({ ping, readTask: () => Promise.reject(full) } as unknown as Store);
  await expect(store.ping()).rejects.toBe(full);
  await expect(store.readTask('triage')).rejects.toBe(full);
  isFull = false;
  await store.ping();
  expect(outcomes).toEqual([full, undefined]);
});
