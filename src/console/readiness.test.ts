import { expect, test } from 'vitest';
import { checkReadiness } from './readiness.ts';

test('a probe that hangs is not ready, and the others are not kept waiting for longer than the timeout', async () => {
  const checks = await checkReadiness(
    [
      { name: 'hangs', look: () => new Promise<string>(() => {}) },
      { name: 'works', look: async () => 'fine' },
    ],
    10,
  );
  expect(checks).toEqual([
    { name: 'hangs', isOk: false, detail: 'no answer within 10 ms' },
    { name: 'works', isOk: true, detail: 'fine' },
  ]);
});
