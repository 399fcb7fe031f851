import { describe, expect, it } from 'vitest';
import { createPace, defaultPaceSettings, type Pace, type PaceSettings } from './pace.ts';

interface Paced extends Pace {
  readonly advance: (ms: number) => void;
  /** What a call to the model is told, and whether it may be made. */
  readonly ask: (model?: string, taskId?: string, perMinute?: number | null) => string;
}

function paced(settings: Partial<PaceSettings> = {}): Paced {
  let nowMs = 1_000_000;
  const pace = createPace({ now: () => nowMs }, { ...defaultPaceSettings, ...settings });
  return {
    ...pace,
    advance: (ms) => {
      nowMs += ms;
    },
    ask: (model = 'm', taskId = 't', perMinute = null) => {
      const leave = pace.enter({ model, taskId, perMinute });
      return leave.kind === 'go' ? 'go' : leave.why;
    },
  };
}

const timeout = { code: 'upstream_timeout', retryAfterMs: null } as const;
const tooMany = { code: 'upstream_overloaded', retryAfterMs: null } as const;

describe('a model that fails', () => {
  it('is left alone after three failures in a row, for longer and longer, and no other model is', () => {
    const pace = paced();
    for (const _ of [1, 2]) pace.failed('m', timeout);
    expect(pace.ask()).toBe('go');
    pace.failed('m', timeout);
    expect([pace.ask(), pace.ask('other')]).toEqual(['down', 'go']);
    pace.advance(5_000);
    expect(pace.ask()).toBe('go');
    pace.failed('m', timeout);
    pace.advance(9_999);
    expect(pace.ask()).toBe('down');
    pace.advance(1);
    expect(pace.ask()).toBe('go');
    pace.answered('m');
    for (const _ of [1, 2]) pace.failed('m', timeout);
    expect(pace.ask()).toBe('go');
  });

  it('is tried again within five minutes, however long it has failed', () => {
    const pace = paced();
    for (let failure = 0; failure < 50; failure++) pace.failed('m', timeout);
    pace.advance(300_000);
    expect(pace.ask()).toBe('go');
  });
});

describe('too many requests', () => {
  it('are followed by the pause that upstream asks for', () => {
    const pace = paced();
    pace.failed('m', { ...tooMany, retryAfterMs: 7_000 });
    pace.advance(6_999);
    expect(pace.ask()).toBe('busy');
    pace.advance(1);
    expect(pace.ask()).toBe('go');
  });

  it('are followed by pauses that double where upstream asks for none', () => {
    const pace = paced();
    for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      pace.failed('m', tooMany);
      pace.advance(pauseMs - 1);
      expect(pace.ask()).toBe('busy');
      pace.advance(1);
      expect(pace.ask()).toBe('go');
    }
  });
});

describe('a rate limit that comes near', () => {
  it('leaves the rest of it to user traffic, a minute at most', () => {
    const pace = paced();
    pace.answered('m', { leftShare: 0.2, resetsAtMs: 2_000_000 });
    expect(pace.ask()).toBe('go');
    pace.answered('m', { leftShare: 0.19, resetsAtMs: 2_000_000 });
    pace.advance(59_999);
    expect(pace.ask()).toBe('busy');
    pace.advance(1);
    expect(pace.ask()).toBe('go');
  });

  it('counts too where user traffic met it', () => {
    const pace = paced({ headroom: 0.5 });
    pace.notice('m', { leftShare: 0.4, resetsAtMs: 1_003_000 });
    expect([pace.ask(), pace.ask('other')]).toEqual(['busy', 'go']);
    pace.advance(3_000);
    expect(pace.ask()).toBe('go');
  });
});

describe('limits of calls a minute', () => {
  const granted = (pace: Paced, tries: number, taskId: string, perMinute: number | null): number =>
    Array.from({ length: tries }, () => pace.ask('m', taskId, perMinute)).filter((said) => said === 'go')
      .length;

  it.each([6, 60, 600])('hold over any time: %i a minute', (perMinute) => {
    const pace = paced();
    let calls = 0;
    for (let second = 0; second < 600; second++) {
      calls += granted(pace, 30, 't', perMinute);
      pace.advance(1_000);
    }
    expect(calls).toBeLessThanOrEqual(perMinute * 10 + Math.max(1, perMinute / 6));
    expect(calls).toBeGreaterThanOrEqual(perMinute * 10 - 1);
  });

  it('hold for a task and for all together, and one task takes nothing of another', () => {
    const pace = paced({ perMinute: 60 });
    expect(granted(pace, 20, 'one', 12)).toBe(2);
    expect(granted(pace, 20, 'two', null)).toBe(8);
    expect(granted(pace, 20, 'three', 12)).toBe(0);
    pace.advance(1_000);
    expect(granted(pace, 20, 'three', 12)).toBe(1);
  });
});
