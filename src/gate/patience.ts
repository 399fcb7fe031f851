import type { Clock } from '../domain/clock.ts';
import { keepNewest } from './keep-newest.ts';

/**
 * What the gate remembers of calls that failed while others were answered: then the fault is with the variant or the
 * request, and neither may hold up the rest. Kept in memory; after a restart each gets its chances anew.
 */
export interface Patience {
  /** Whether a variant is left alone for now, since it failed again and again where others answered. */
  readonly isSetAside: (variant: VariantName) => boolean;
  /** How often a variant has failed on a request. */
  readonly triesOf: (variant: VariantName, decisionId: string) => number;
  /** Whether it has failed on it for good. */
  readonly isHopeless: (variant: VariantName, decisionId: string) => boolean;
  readonly failed: (variant: VariantName, decisionId: string) => void;
  readonly answered: (variant: VariantName) => void;
}

export interface VariantName {
  readonly taskId: string;
  readonly variantId: string;
}

/** Failures of a variant on one request, after which it is not asked again. */
const triesMax = 3;

/** Failures of a variant in a row, after which it is set aside. */
const failuresMax = 2;

/** How long a variant is set aside at first and at most, milliseconds; it doubles with each further failure. */
const asideMs = 60_000;
const asideMsMax = 3_600_000;

/** Requests and variants that are kept in mind. */
const keptMax = 10_000;

/** A patience that knows of no failure. */
export function createPatience(clock: Clock): Patience {
  const tries = new Map<string, number>();
  const variants = new Map<string, { readonly failures: number; readonly untilMs: number }>();
  const triesOf = (variant: VariantName, decisionId: string): number =>
    tries.get(`${nameOf(variant)} ${decisionId}`) ?? 0;
  return {
    triesOf,
    isSetAside: (variant) => (variants.get(nameOf(variant))?.untilMs ?? 0) > clock.now(),
    isHopeless: (variant, decisionId) => triesOf(variant, decisionId) >= triesMax,
    failed: (variant, decisionId) => {
      keepNewest(tries, `${nameOf(variant)} ${decisionId}`, triesOf(variant, decisionId) + 1, keptMax);
      const failures = (variants.get(nameOf(variant))?.failures ?? 0) + 1;
      const pauseMs = Math.min(asideMsMax, asideMs * 2 ** (failures - failuresMax));
      const untilMs = failures < failuresMax ? 0 : clock.now() + pauseMs;
      keepNewest(variants, nameOf(variant), { failures, untilMs }, keptMax);
    },
    answered: (variant) => {
      variants.delete(nameOf(variant));
    },
  };
}

function nameOf({ taskId, variantId }: VariantName): string {
  return `${taskId} ${variantId}`;
}
