import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { RatchetError } from '../domain/ratchet-error.ts';
import { canChooseUpgrades } from '../runtime/node-version.ts';

/** A server that listens. */
export interface HttpServer {
  readonly url: string;
  /**
   * Accepts no more connections and waits for the requests under way; those that still run at the deadline are cut off.
   * Clients are told with their answer that the connection ends with it. Resolves to whether none had to be cut off.
   */
  readonly drain: (deadlineMs: number) => Promise<boolean>;
}

/** Answers a request, or has its response written through the bindings. */
export type FetchHandler = (request: Request, bindings: HttpBindings) => Response | Promise<Response>;

/** Takes over the connection of a request to go on in another protocol; `head` is what has come of that already. */
export type UpgradeHandler = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Longest head of a request, bytes: as long as servers of this kind commonly take. */
const headBytesMax = 128 * 1024;

/** Longest time that a request's head may take, milliseconds: what Node allows by default. */
const headMsDefault = 60_000;

/** Pause between looks for connections that have become idle while draining, milliseconds. */
const idleLookMs = 50;

/**
 * Listens on an address; port 0 takes a free one. Web sockets go to `upgrade`; a wish for another protocol, such as the
 * newer HTTP that some clients ask for with every request, is passed over. `headMsMax` is how long the head of a request
 * may take, milliseconds; default 60,000. Rejects with `invalid_configuration` where listening is impossible.
 */
export async function listen(
  { fetch, upgrade }: { readonly fetch: FetchHandler; readonly upgrade: UpgradeHandler },
  {
    host,
    port,
    headMsMax = headMsDefault,
  }: { readonly host: string; readonly port: number; readonly headMsMax?: number },
): Promise<HttpServer> {
  const responses = createOpenResponses();
  const server = createAdaptorServer({
    fetch: (request, bindings) => {
      const http1 = onHttp1(bindings);
      const { incoming, outgoing } = http1;
      incoming.url = originForm(incoming.url ?? '/');
      responses.add(outgoing);
      return fetch(request, http1);
    },
    overrideGlobalObjects: false,
    // For clients of HTTP/1.0, which need not say which host they mean.
    hostname: host,
    serverOptions: {
      // A client may upload for longer than the five minutes that Node allows by default.
      requestTimeout: 0,
      // Without a limit for the whole request Node has none for its head either.
      headersTimeout: headMsMax,
      connectionsCheckingInterval: headMsMax / 10,
      maxHeaderSize: headBytesMax,
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
  });
  if (!(server instanceof Server)) throw new TypeError('the server speaks HTTP/1.1');
  const tunnels = new Set<Duplex>();
  if (canChooseUpgrades(process.versions.node))
    server.on('upgrade', (incoming, socket, head) => {
      tunnels.add(socket);
      socket.once('close', () => tunnels.delete(socket));
      incoming.url = originForm(incoming.url ?? '/');
      upgrade(incoming, socket, head);
    });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (error) {
    throw cannotListen(error, `${host}:${port}`);
  }
  return {
    url: urlOf(server, host),
    drain: (deadlineMs) => {
      responses.closeAfterAnswer();
      return drain(server, tunnels, deadlineMs);
    },
  };
}

/** The responses under way, by which connections are told to end. */
interface OpenResponses {
  readonly add: (response: ServerResponse) => void;
  /** From now on every response whose head has not left says that the connection ends with it. */
  readonly closeAfterAnswer: () => void;
}

function createOpenResponses(): OpenResponses {
  const open = new Set<ServerResponse>();
  let isClosing = false;
  return {
    add: (response) => {
      if (isClosing) response.shouldKeepAlive = false;
      open.add(response);
      response.once('close', () => open.delete(response));
    },
    closeAfterAnswer: () => {
      isClosing = true;
      for (const response of open) response.shouldKeepAlive = false;
    },
  };
}

async function drain(server: Server, tunnels: ReadonlySet<Duplex>, deadlineMs: number): Promise<boolean> {
  const closed = new Promise<'closed'>((resolve) => server.close(() => resolve('closed')));
  const deadline = performance.now() + deadlineMs;
  // A connection that was busy when the server closed stays open when its response has ended, unless it is told to go.
  while ((await Promise.race([closed, delay(idleLookMs, 'open')])) === 'open') {
    server.closeIdleConnections();
    if (performance.now() < deadline) continue;
    server.closeAllConnections();
    for (const socket of tunnels) socket.destroy();
    return false;
  }
  return true;
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function cannotListen(error: unknown, address: string): RatchetError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const [param, fault] =
    code === 'EADDRINUSE'
      ? ['RATCHET_PORT', `${address} is taken by another process; choose another port`]
      : code === 'EACCES'
        ? ['RATCHET_PORT', `listening on ${address} is not allowed; choose a port from 1024 on`]
        : ['RATCHET_HOST', `cannot listen on ${address}; choose an address of this machine`];
  return new RatchetError('invalid_configuration', `${param}: ${fault}`, { param, cause: error });
}

/** The path of a request whose sender wrote the whole address, as it may (RFC 9112, section 3.2.2). */
function originForm(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*\/?/i, '/');
}

/** The adapter serves whatever Node server it is given, so its bindings are a union; ours is HTTP/1.1. */
function onHttp1(bindings: object): HttpBindings {
  if (isHttp1(bindings)) return bindings;
  throw new TypeError('the server speaks HTTP/1.1');
}

function isHttp1(bindings: object): bindings is HttpBindings {
  return 'incoming' in bindings && 'outgoing' in bindings;
}
