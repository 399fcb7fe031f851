import { connect, type Socket } from 'node:net';
import { createMessageReader, type RawMessage } from './raw-message.ts';

/** A client's connection on which every byte is the test's own. */
export interface RawClient {
  readonly socket: Socket;
  /** Sends bytes, text as ISO 8859-1; resolves when they have left this process's buffers. */
  readonly send: (bytes: string | Uint8Array) => Promise<void>;
  /** The next response, interim ones as messages of their own. Rejects when the connection ends before. */
  readonly response: () => Promise<RawMessage>;
  /** Resolves when the connection has ended, with what had been received in all. */
  readonly ended: Promise<Buffer>;
  readonly close: () => void;
}

/** Longest wait for a response, milliseconds. */
const waitMsMax = 5_000;

/** Connects to a port of loopback. `isHead`: responses have no body, whatever they announce. */
export async function openRawClient(
  port: number,
  { isHead = false }: { readonly isHead?: boolean } = {},
): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const received: Buffer[] = [];
  const arrived: RawMessage[] = [];
  const waiting: {
    readonly resolve: (message: RawMessage) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<Buffer>();
  const reader = createMessageReader({
    isBodiless: () => isHead,
    onMessage: (message) => {
      const waiter = waiting.shift();
      if (waiter === undefined) arrived.push(message);
      else waiter.resolve(message);
    },
  });
  socket.on('data', (bytes: Buffer) => {
    received.push(bytes);
    reader.add(bytes);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    reader.end();
    const all = Buffer.concat(received);
    const error = new Error(
      `the connection ended after ${all.length} bytes: ${all.toString('latin1').slice(0, 300)}`,
    );
    for (const { reject } of waiting.splice(0)) reject(error);
    end(all);
  });
  return {
    socket,
    send: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, (error) =>
          error == null ? resolve() : reject(error),
        );
      }),
    response: async () => {
      const ready = arrived.shift();
      if (ready !== undefined) return ready;
      if (socket.closed) throw new Error('the connection had ended');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no response in ${waitMsMax} ms`)), waitMsMax);
      });
      const next = new Promise<RawMessage>((resolve, reject) => waiting.push({ resolve, reject }));
      return Promise.race([next, late]).finally(() => clearTimeout(timer));
    },
    ended,
    close: () => socket.destroy(),
  };
}

/** Sends one request over a connection of its own, and gives all responses to it, the interim ones first. */
export async function exchange(port: number, request: string | Uint8Array): Promise<readonly RawMessage[]> {
  const text = typeof request === 'string' ? request : Buffer.from(request).toString('latin1');
  const client = await openRawClient(port, { isHead: text.startsWith('HEAD ') });
  try {
    await client.send(request);
    const responses: RawMessage[] = [];
    for (;;) {
      const response = await client.response();
      responses.push(response);
      if (!/^HTTP\/1\.\d 1(?!01)/.test(response.line)) return responses;
    }
  } finally {
    client.close();
  }
}
