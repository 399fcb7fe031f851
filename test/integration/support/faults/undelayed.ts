import { expect } from 'vitest';
import type { Measured } from './traffic.ts';

/** What a fault may add to the time of a request, milliseconds: at the median, of one in twenty, of the slowest. */
const addedMsMax = { p50: 3, p95: 15, max: 500 };

/**
 * Requests take no longer than without the fault. Where requests through a bare proxy take longer at the same moments,
 * the machine is to blame, and Ratchet may take longer in the same ratio; where their times scatter, its own may too. On
 * a machine with nothing else to do the limits are a few milliseconds; on a busy one they grow with its noise. The
 * figures are printed.
 */
export function expectUndelayed(name: string, normal: Measured, faulty: Measured): void {
  const noiseMs = Math.max(...[normal, faulty].map(({ bare }) => bare.p95 - bare.p50));
  const expectQuick = (quantile: keyof typeof addedMsMax, noiseShare: number): void => {
    const slowness = Math.max(1, faulty.bare[quantile] / normal.bare[quantile]);
    const limitMs = normal.through[quantile] * slowness + addedMsMax[quantile] + noiseMs * noiseShare;
    expect(faulty.through[quantile], `${name}: ${quantile}`).toBeLessThan(limitMs);
  };
  const text = ({ through, bare }: Measured): string =>
    (['p50', 'p95', 'p99', 'max'] as const)
      .map((quantile) => `${quantile} ${through[quantile].toFixed(1)} (${bare[quantile].toFixed(1)})`)
      .join(', ');
  console.log(
    `${name}: ${faulty.requests} requests, ms (bare proxy): ${text(faulty)}; before: ${text(normal)}`,
  );
  expect(faulty.requests).toBeGreaterThan(5);
  expectQuick('p50', 1);
  expectQuick('p95', 2);
  expectQuick('max', 10);
}
