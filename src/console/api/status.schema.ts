import { z } from 'zod';
import type { AdminRole } from '../../domain/admin-token.ts';

/** The caller and the server. */
export interface MeView {
  readonly id: string;
  readonly role: AdminRole;
  readonly learning: { readonly isOn: boolean; readonly reason: string };
}

/** The caller and the server. */
export const meSchema: z.ZodType<MeView> = z.object({
  id: z.string().describe('Id of the admin token; `local` where this server asks for none.'),
  role: z.enum(['viewer', 'operator']),
  learning: z.object({ isOn: z.boolean(), reason: z.string() }),
});
