import { describe, expect, it } from 'vitest';
import { bar, dashboardLines, intentOf, sparkline } from './dashboard.ts';

describe('the live picture', () => {
  it('shows a share as a bar of constant width', () => {
    expect([0, 0.5, 1, 7].map((share) => bar(share).replaceAll('░', '').length)).toEqual([0, 12, 24, 24]);
  });

  it('draws rising values as rising columns', () => {
    expect(sparkline([0.5, 0.6, 0.7, 0.8], 4)).toBe('▁▃▆█');
    expect(sparkline([0.5, 0.5], 4)).toBe('▁▁  ');
  });

  it('never lets a proposed text move the cursor', () => {
    expect(intentOf([{ op: 'insert', text: 'x', intent: '\u001b[2Jevil\nline' }])).toBe('[2Jevil line');
  });

  it('says what it waits for before anything happened', () => {
    const lines = dashboardLines({
      title: 'demo',
      requests: 0,
      requestsTotal: 100,
      elapsedMs: 0,
      baselineValue: 0.6,
      values: [],
      snapshot: undefined,
      campaigns: [],
    });
    expect(lines.join('\n')).toContain('waiting for the first request');
    expect(lines.join('\n')).toContain('the learner waits for feedback');
  });
});
