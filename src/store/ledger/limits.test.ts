import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTaskConfig } from '../../domain/task.ts';
import { sampleTask } from '../samples.case.ts';
import { horizonsOf, longestWindowMs } from './limits.ts';

const span = fc.nat({ max: 1e10 });

describe('horizonsOf', () => {
  it('keeps evidence as long as content, and as long as feedback may still be corrected', () => {
    fc.assert(
      fc.property(span, span, span, (nowMs, retentionMs, windowMs) => {
        const { contentMs, evidenceMs, pendingMs } = horizonsOf(nowMs, retentionMs, windowMs);
        expect(contentMs).toBe(nowMs - retentionMs);
        expect(evidenceMs).toBe(Math.min(contentMs, nowMs - windowMs));
        expect(pendingMs).toBe(nowMs - windowMs);
      }),
    );
  });
});

describe('longestWindowMs', () => {
  it('is that of the most patient task, the default without tasks', () => {
    const patient = sampleTask();
    const { config } = patient;
    const hasty = { ...patient, config: { ...config, gate: { ...config.gate, attributionWindowMs: 5 } } };
    expect(longestWindowMs([hasty, patient])).toBe(config.gate.attributionWindowMs);
    expect(longestWindowMs([])).toBe(defaultTaskConfig.gate.attributionWindowMs);
  });
});
