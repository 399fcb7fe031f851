import { z } from 'zod';
import { atMs, share } from './parts.schema.ts';

/** Rewards of one variant in one stretch of time. */
export interface SeriesPoint {
  readonly variantId: string;
  /** Episodes that it was drawn for, and those of them that have a reward. */
  readonly episodes: number;
  readonly rewarded: number;
  /** Mean reward with an approximate 95 % interval of one look; `null` without rewards, without an interval below two. */
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface SeriesBin {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly arms: readonly SeriesPoint[];
}

/** How a task's variants did over time. */
export interface SeriesView {
  readonly bins: readonly SeriesBin[];
  /** The whole stretch. */
  readonly total: readonly SeriesPoint[];
  readonly plans: readonly { readonly version: number; readonly atMs: number; readonly cause: string }[];
  /** Whether older episodes were left out. */
  readonly isCut: boolean;
}

const point: z.ZodType<SeriesPoint> = z
  .object({
    variantId: z.string(),
    episodes: z.number().int(),
    rewarded: z.number().int(),
    mean: share.nullable(),
    low: share.nullable(),
    high: share.nullable(),
  })
  .meta({ id: 'SeriesPoint' });

/** Rewards over time. */
export const seriesSchema: z.ZodType<SeriesView> = z
  .object({
    bins: z.array(z.object({ fromMs: atMs, untilMs: atMs, arms: z.array(point) })),
    total: z.array(point),
    plans: z.array(z.object({ version: z.number().int(), atMs, cause: z.string() })),
    isCut: z.boolean(),
  })
  .meta({ id: 'Series' });
