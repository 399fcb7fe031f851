import { serve } from '@hono/node-server';
import { createApiWorld, type ApiWorld } from '../../../src/console/api/api-world.case.ts';
import { createConsole, type ConsoleDeps } from '../../../src/console/console.ts';

/** A console behind a real server, over a memory store that tests fill. */
export interface ConsoleServer {
  readonly url: string;
  readonly world: ApiWorld;
  readonly stop: () => Promise<void>;
}

/** Listens on a free port of this machine. */
export async function startConsole(change: Partial<ConsoleDeps> = {}): Promise<ConsoleServer> {
  const stopping = new AbortController();
  const world = createApiWorld({ stopping: stopping.signal, ...change });
  const app = createConsole(world.deps);
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port));
  const port = await promise;
  return {
    url: `http://127.0.0.1:${port}`,
    world,
    stop: async () => {
      stopping.abort();
      await new Promise<void>((resolveStop) => {
        server.close(() => resolveStop());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}
