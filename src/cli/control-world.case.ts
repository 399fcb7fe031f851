import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import { operatorToken } from '../console/api/api-world.case.ts';
import {
  openServedWorld,
  runWords,
  type ControlServer,
  type Outcome,
  type ServedWorld,
} from './cli-world.case.ts';

/** The name of the task that a served world has. */
export const task = 'Sort support tickets';

/** A server and its database, and the ways to ask them. */
export interface ControlWorld {
  readonly world: () => ServedWorld;
  /** Runs a command line against the server, with a token unless told. */
  readonly overServer: (
    words: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => Promise<Outcome>;
  /** The same command line by both ways, which have to tell the same. */
  readonly bothWays: (...words: readonly string[]) => Promise<Outcome>;
  readonly apiSays: (path: string) => Promise<unknown>;
}

/** Gives each test of the file that calls it a served world of its own. */
export function useControlWorld(): ControlWorld {
  let opened: ServedWorld;
  beforeEach(async () => {
    opened = await openServedWorld();
  });
  afterEach(async () => opened.close());
  const overServer: ControlWorld['overServer'] = async (
    words,
    environment = { RATCHET_ADMIN_TOKEN: operatorToken.secret },
  ) =>
    runWords(words, {
      folder: opened.folder,
      environment: { RATCHET_SERVER: opened.server.address, ...environment },
    });
  return {
    world: () => opened,
    overServer,
    bothWays: async (...words) => {
      const [one, two] = [await opened.run(...words), await overServer(words)];
      // What only a server knows.
      expect({
        ...two,
        output: two.output.replace(
          /^(learning +).*$/m,
          '$1not paused; its server says whether it learns (--server)',
        ),
      }).toEqual(one);
      return one;
    },
    apiSays: async (path) => {
      const response = await fetch(opened.server.address + path, {
        headers: { authorization: `Bearer ${operatorToken.secret}` },
      });
      return response.json();
    },
  };
}

/** A server on this machine that is no Ratchet. */
export async function listen(handle: Parameters<typeof createServer>[1]): Promise<ControlServer> {
  const stranger: Server = createServer(handle);
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`,
    close: async () => {
      stranger.closeAllConnections();
      await new Promise((resolve) => stranger.close(resolve));
    },
  };
}
