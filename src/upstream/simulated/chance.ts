import { normalCdf } from './normal.ts';
import { hashOf, normalOf } from './seeded-hash.ts';

/** log(p/(1−p)); infinite at 0 and 1. */
export function logit(p: number): number {
  return Math.log(p / (1 - p));
}

/** The chance whose logit is given; 0 and 1 at the infinities. */
export function chanceOfLogit(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** The luck of one call of an input, both standard normal. */
export interface Luck {
  /** The input's own: the same in every call. */
  readonly input: number;
  readonly call: number;
}

/** The luck of an input: a standard normal that is the same for every prompt and call. */
export function inputLuck(seed: number, text: string): number {
  return normalOf(hashOf(seed, text));
}

/**
 * Whether an answer is right: √c·z_input + √(1−c)·z_call < Φ⁻¹(p), where c is the consistency, z_input the input's
 * luck and z_call the call's. Over all calls and inputs its chance is p; c = 1 leaves nothing to the call, c = 0
 * nothing to the input.
 */
export function isRight(quantile: number, consistency: number, luck: Luck): boolean {
  return Math.sqrt(consistency) * luck.input + Math.sqrt(1 - consistency) * luck.call < quantile;
}

/** P(right | z_input) = Φ((Φ⁻¹(p) − √c·z_input) / √(1−c)); for c = 1 it is 1 or 0. */
export function chanceGivenInput(quantile: number, consistency: number, inputLuckValue: number): number {
  if (consistency === 1) return inputLuckValue < quantile ? 1 : 0;
  return normalCdf((quantile - Math.sqrt(consistency) * inputLuckValue) / Math.sqrt(1 - consistency));
}
