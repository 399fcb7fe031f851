import { z } from 'zod';
import type { Page } from './page.ts';

/** A value that is shown as it is stored; its form is described in the documentation, not checked. */
export function stored<Value>(description: string): z.ZodType<Value> {
  return z.custom<Value>(() => true).meta({ type: 'object', description });
}

/** A moment. */
export const atMs: z.ZodNumber = z.number().describe('Milliseconds since the epoch, UTC.');

/** A share or chance. */
export const share: z.ZodNumber = z.number().gte(0).lte(1);

const id = z.string().min(1).max(500);

/** Parameters of paths. */
export const taskParams: z.ZodType<{ readonly task: string }> = z.object({
  task: id.describe('Id of a task.'),
});
export const campaignParams: z.ZodType<{ readonly campaign: string }> = z.object({
  campaign: id.describe('Id of a campaign.'),
});
export const decisionParams: z.ZodType<{ readonly decision: string }> = z.object({
  decision: id.describe('Id of a decision, without its signature.'),
});
export const variantParams: z.ZodType<{ readonly task: string; readonly variant: string }> = z.object({
  task: id.describe('Id of a task.'),
  variant: id.describe('Id of a variant, or `baseline`.'),
});
export const planParams: z.ZodType<{ readonly task: string; readonly version: number }> = z.object({
  task: id.describe('Id of a task.'),
  version: z.coerce.number().int().gte(1).describe('Version of a plan.'),
});

/** Which part of a list is asked for. */
export interface PartQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Fields of `PartQuery`. */
export const partFields: {
  readonly limit: z.ZodDefault<z.ZodCoercedNumber>;
  readonly cursor: z.ZodOptional<z.ZodString>;
} = {
  limit: z.coerce.number().int().gte(1).lte(200).default(50).describe('Most items of the part.'),
  cursor: z.string().max(1000).optional().describe('`next` of the part before.'),
};
export const partQuery: z.ZodType<PartQuery> = z.object(partFields);

/** The last moment that a date can say, milliseconds since the epoch. */
const momentMsMax = 8.64e15;

/** A moment in a query. */
export const momentField: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>> = z
  .string()
  .transform((text, context) => {
    const moment = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
    if (moment <= momentMsMax) return moment;
    context.addIssue('expected a date such as 2026-11-21T12:00:00Z, or milliseconds since the epoch');
    return z.NEVER;
  })
  .optional();

/** A name in a query. */
export const nameField: z.ZodOptional<z.ZodString> = id.optional();

/** A part of a list of such items. */
export function pageSchema<Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the part that follows; null: there is none.'),
  });
}
