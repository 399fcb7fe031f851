import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createMessageReader, type MessageReaderSettings, type RawMessage } from './raw-message.ts';

/** An upstream that notes what arrives, byte by byte, and sends back whatever it is told, HTTP or not. */
export interface RawUpstream {
  readonly port: number;
  /** Requests that have arrived whole, since the last time. */
  readonly take: () => readonly RawMessage[];
  /** Resolves with the next request that arrives whole. */
  readonly next: () => Promise<RawMessage>;
  /** What to do from now on. */
  readonly behave: (behaviour: Behaviour) => void;
  /** Connections since the start. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** What an upstream does with a connection. */
export interface Behaviour {
  /** Called when a request has arrived whole. */
  readonly onRequest?: (socket: Socket, request: RawMessage) => void;
  /** Called when the head of a request has arrived. */
  readonly onHead?: (socket: Socket, head: Pick<RawMessage, 'line' | 'headers'>) => void;
  /** Called for every piece of a request's body. */
  readonly onBody?: (socket: Socket, bytes: Buffer) => void;
  /** Called when the connection has ended, by whomever. */
  readonly onClose?: (socket: Socket) => void;
  /** Whether bodies are kept for `take`. Default `true`. */
  readonly keepsBodies?: boolean;
}

/** Starts an upstream on a free port of loopback. */
export async function startRawUpstream(): Promise<RawUpstream> {
  let behaviour: Behaviour = {};
  let taken: RawMessage[] = [];
  let connections = 0;
  const sockets = new Set<Socket>();
  const waiting: ((request: RawMessage) => void)[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    const own = behaviour;
    const settings: MessageReaderSettings = {
      keepsBodies: own.keepsBodies ?? true,
      onHead: (head) => behaviour.onHead?.(socket, head),
      onBody: (bytes) => behaviour.onBody?.(socket, bytes),
      onMessage: (request) => {
        taken.push(request);
        waiting.shift()?.(request);
        behaviour.onRequest?.(socket, request);
      },
    };
    const reader = createMessageReader(settings);
    socket.on('data', reader.add);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      behaviour.onClose?.(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const requests = taken;
      taken = [];
      return requests;
    },
    next: () => new Promise((resolve) => waiting.push(resolve)),
    behave: (next) => {
      behaviour = next;
    },
    connections: () => connections,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** An upstream that answers each request with these bytes, and ends the connection if it is told so. */
export function answering(bytes: string | Buffer, then: 'keep' | 'close' = 'keep'): Behaviour {
  const answer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return {
    onRequest: (socket) => {
      socket.write(answer);
      if (then === 'close') socket.end();
    },
  };
}
