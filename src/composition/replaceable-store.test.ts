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
