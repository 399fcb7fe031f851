import type { Clock } from '../domain/clock.ts';
import { createPace, type Pace, type PaceSettings } from './pace.ts';
import { createPatience, type Patience } from './patience.ts';

/** What the gate keeps in mind from task to task and from cycle to cycle; all of it may be forgotten. */
export interface GateMemory {
  readonly pace: Pace;
  readonly patience: Patience;
}

/** A memory of nothing. */
export function createGateMemory(clock: Clock, settings?: PaceSettings): GateMemory {
  return { pace: createPace(clock, settings), patience: createPatience(clock) };
}
