import type { Clock } from '../domain/clock.ts';
import { createPace, type Pace, type PaceSettings } from './pace.ts';
import { createPatience, type Patience } from './patience.ts';

/** What the gate keeps in mind from task to task and from cycle to cycle; all of it may be forgotten. */
export interface GateMemory {
  readonly pace: Pace;
  readonly patience: Patience;
  /** How far recorded answers have been held against their contracts, by task id. */
  readonly contracts: Map<string, ContractCursor>;
}

/** Where the next look begins. */
export interface ContractCursor {
  /** Requests decided up to then have been looked at. */
  readonly afterMs: number;
  /** Nothing is declared as far as was seen; not before then is it worth a look. */
  readonly idleUntilMs: number;
}

/** A memory of nothing. */
export function createGateMemory(clock: Clock, settings?: PaceSettings): GateMemory {
  return { pace: createPace(clock, settings), patience: createPatience(clock), contracts: new Map() };
}
