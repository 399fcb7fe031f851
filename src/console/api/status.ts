import { operation, type Operation } from './operation.schema.ts';
import { meSchema, type MeView } from './status.schema.ts';

/** Who you are to this server, and whether it learns. */
const readMe: Operation<MeView> = operation({
  id: 'readMe',
  method: 'get',
  path: '/api/me',
  tag: 'Logs',
  summary: 'Who you are to this server, and whether it learns',
  role: 'viewer',
  result: meSchema,
  handle: async ({ actor }, { learning }) => ({
    kind: 'value',
    value: { id: actor.id, role: actor.role, learning },
  }),
});

/** Who asks, and what this server does. */
export const statusOperations: readonly Operation[] = [readMe];
