import { expect, test } from 'vitest';
import { reportState } from './report-state.ts';

test('each check of readiness is a gauge that falls to 0 and rises again, beside the queue', async () => {
  const reported: unknown[] = [];
  let isDown = false;
  const state = {
    decisionLog: { depth: () => 7 },
    probes: [
      {
        name: 'store',
        look: async () => {
          if (isDown) throw new Error('the disk is full');
          return 'commits';
        },
      },
      { name: 'snapshot', look: async () => 'loaded' },
    ],
    telemetry: {
      gauge: (name: string, value: number, labels: object = {}) => void reported.push([name, value, labels]),
    },
  };
  const stateOf = async (down: boolean): Promise<readonly unknown[]> => {
    isDown = down;
    reported.length = 0;
    await reportState(state);
    return [...reported];
  };
  const queue = ['ratchet.queue.depth', 7, {}];
  const snapshot = ['ratchet.ready', 1, { check: 'snapshot' }];
  expect(await stateOf(false)).toEqual([queue, ['ratchet.ready', 1, { check: 'store' }], snapshot]);
  expect(await stateOf(true)).toEqual([queue, ['ratchet.ready', 0, { check: 'store' }], snapshot]);
  expect(await stateOf(false)).toEqual([queue, ['ratchet.ready', 1, { check: 'store' }], snapshot]);
});
