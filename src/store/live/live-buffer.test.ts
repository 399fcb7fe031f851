import { describe, expect, it } from 'vitest';
import { sampleDecision } from '../samples.case.ts';
import { createLiveBuffer, type LiveBuffer, type LiveBufferSettings } from './live-buffer.ts';

function buffer(settings?: LiveBufferSettings): LiveBuffer & { readonly advance: (ms: number) => void } {
  let nowMs = 5_000_000;
  return {
    ...createLiveBuffer({ now: () => nowMs }, settings),
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

const decision = (id: string, change: Parameters<typeof sampleDecision>[1] = {}) =>
  sampleDecision(id, { atMs: 5_000_000, ...change });
const idsOf = (taken: readonly { readonly decisionId: string }[]): readonly string[] =>
  taken.map(({ decisionId }) => decisionId);

describe('a buffer of live requests', () => {
  it('wants nothing until somebody asks, then the requests of those tasks, and for a minute', () => {
    const live = buffer();
    expect(live.isWanted('triage')).toBe(false);
    live.take(['triage']);
    expect([live.isWanted('triage'), live.isWanted('reply')]).toEqual([true, false]);
    live.advance(60_000);
    expect(live.isWanted('triage')).toBe(false);
  });

  it('hands requests over once, oldest first, and forgets those that are too old or of another task', () => {
    const live = buffer();
    for (const id of ['d1', 'd2']) live.offer(decision(id));
    live.offer(decision('elsewhere', { taskId: 'reply' }));
    live.offer(decision('old', { atMs: 5_000_000 - 300_001 }));
    expect(idsOf(live.take(['triage']))).toEqual(['d1', 'd2']);
    expect(live.take(['triage'])).toEqual([]);
  });

  it('wants no more once it is full, whatever the traffic, and goes on when it has been emptied', () => {
    const live = buffer({ countMax: 3 });
    live.take(['triage']);
    let offered = 0;
    for (let request = 0; request < 1_000; request++) {
      if (!live.isWanted('triage')) continue;
      live.offer(decision(`d${request}`));
      offered++;
    }
    expect(offered).toBe(3);
    expect(live.take(['triage']).length).toBe(3);
    expect(live.isWanted('triage')).toBe(true);
  });

  it('holds no more text than it may, and hands over a little at a time', () => {
    const live = buffer({ countMax: 1_000, bytesMax: 10 * 1024 * 1024 });
    const long = (id: string, length: number) => {
      const sample = decision(id);
      const completion = { text: 'x'.repeat(length), toolCalls: [], finishReason: 'stop', refusal: null };
      return { ...sample, content: { request: { model: 'm', messages: [] }, slots: {}, completion } };
    };
    live.take(['triage']);
    live.offer(long('too-long', 1024 * 1024));
    for (let request = 0; request < 30; request++) live.offer(long(`d${request}`, 900 * 1024));
    const taken: string[] = [];
    for (let batch = idsOf(live.take(['triage'])); batch.length > 0; batch = idsOf(live.take(['triage']))) {
      expect(batch.length).toBeLessThanOrEqual(2);
      taken.push(...batch);
    }
    expect(taken.length).toBe(11);
    expect(taken.at(-1)).toBe('d29');
  });
});
