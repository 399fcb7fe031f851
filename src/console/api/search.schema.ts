import { z } from 'zod';

/** What is looked for. */
export interface SearchQuery {
  readonly q: string;
}
export const searchQuery: z.ZodType<SearchQuery> = z.object({
  q: z
    .string()
    .trim()
    .min(1)
    .max(4096)
    .describe(
      'An id, as it is, also the signed one of `x-ratchet-decision`; or a part of the name of a task.',
    ),
});

/** Something that was found. */
export interface SearchHit {
  readonly kind: 'task' | 'campaign' | 'variant' | 'decision' | 'episode';
  readonly id: string;
  readonly taskId: string;
  /** Name of a task; completion id of a decision that was found by it. */
  readonly name: string | null;
}

/** What a search found. */
export const searchSchema: z.ZodType<{ readonly items: readonly SearchHit[] }> = z.object({
  items: z
    .array(
      z
        .object({
          kind: z.enum(['task', 'campaign', 'variant', 'decision', 'episode']),
          id: z.string(),
          taskId: z.string(),
          name: z.string().nullable().describe('Name of a task; completion id of a decision found by it.'),
        })
        .meta({ id: 'SearchHit' }),
    )
    .describe('What has this very id comes first.'),
});
