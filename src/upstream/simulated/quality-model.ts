import type { SeededHash } from './seeded-hash.ts';
import type { WorldInput } from './world.ts';

/** The part of a world that decides which answers are right: by facets or by record. */
export interface QualityModel {
  readonly inputs: readonly WorldInput[];
  /** Ids of the facets in a prompt; none where the world has no facets. */
  readonly facetsIn: (prompt: string) => readonly string[];
  /** Answers an input, by index, under a prompt; each call is another one. */
  readonly answer: (prompt: string, input: number) => QualityAnswer;
  /** Mean chance in [0, 1] of a right answer over the inputs, given each input's own luck, at this moment. */
  readonly trueValue: (prompt: string) => number;
}

interface QualityAnswer {
  readonly answer: string;
  readonly outputTokens: number;
  readonly latencyMs: number;
  /** Randomness of this call, for what else is drawn about it. */
  readonly luck: SeededHash;
}
