import { z } from 'zod';
import { durationPattern, parseDurationMs } from './duration.ts';

/** A duration such as `7d`, read as milliseconds. */
export const durationSchema: z.ZodType<number, string> = z
  .string('expected a duration such as 7d')
  .regex(durationPattern, 'expected a duration such as 7d')
  .transform((text, context) => {
    const milliseconds = parseDurationMs(text);
    if (milliseconds !== undefined) return milliseconds;
    context.addIssue({ code: 'custom', message: 'expected a duration above zero, such as 7d' });
    return z.NEVER;
  })
  .describe('A number and one of ms, s, m, h, d, w, such as 7d.');
