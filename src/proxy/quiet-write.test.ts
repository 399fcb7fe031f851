import { expect, test } from 'vitest';
import { silentLogger } from '../domain/logger.ts';
import { createQuietWrite, type QuietWrite } from './quiet-write.ts';

function start(): {
  readonly clock: { ms: number; now: () => number };
  readonly writing: QuietWrite;
  readonly warnings: string[];
} {
  const clock = { ms: 1000, now: () => clock.ms };
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (event: string) => void warnings.push(event) };
  return { clock, warnings, writing: createQuietWrite({ clock, logger }, 'not-stored') };
}
const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one write at a time, and the next one when there is occasion', async () => {
  const { writing } = start();
  let writes = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const write = async (): Promise<void> => {
    writes += 1;
    await promise;
  };
  writing.attempt(write);
  writing.attempt(write);
  expect(writes).toBe(1);
  resolve();
  await settle();
  writing.attempt(write);
  expect(writes).toBe(2);
});

test.each([
  ['rejects', async () => Promise.reject(new Error('secret'))],
  [
    'throws',
    () => {
      throw new Error('secret');
    },
  ],
])('one that %s is repeated after a pause', async (_, fail) => {
  const { clock, writing, warnings } = start();
  let writes = 0;
  writing.attempt(fail);
  await settle();
  expect(warnings).toEqual(['not-stored']);
  const write = async (): Promise<void> => void (writes += 1);
  writing.attempt(write);
  expect(writes).toBe(0);
  clock.ms += 1000;
  writing.attempt(write);
  expect(writes).toBe(1);
});

test('one that hangs is given up', async () => {
  const { clock, writing } = start();
  let writes = 0;
  const hang = async (): Promise<void> => {
    writes += 1;
    await new Promise(() => {});
  };
  writing.attempt(hang);
  clock.ms += 9_999;
  writing.attempt(hang);
  expect(writes).toBe(1);
  clock.ms += 1;
  writing.attempt(hang);
  expect(writes).toBe(2);
});
