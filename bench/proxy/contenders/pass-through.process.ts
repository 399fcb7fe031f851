import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool, type Dispatcher } from 'undici';

/**
 * The least that a proxy in Node can do, and still be one: bytes both ways as they come, back-pressure both ways, a
 * client that goes away ends the request upstream, headers of one connection stay there. Nothing is read or recorded.
 *
 * node pass-through.process.ts http://127.0.0.1:PORT
 */
const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
]);

const pool = new Pool(process.argv[2] ?? '', {
  connections: 10_000,
  headersTimeout: 900_000,
  bodyTimeout: 900_000,
  allowH2: false,
});

/** undici's handler for one request. */
class Relay implements Dispatcher.DispatchHandler {
  readonly #outgoing: ServerResponse;
  #controller: Dispatcher.DispatchController | undefined;
  #isOver = false;

  constructor(outgoing: ServerResponse) {
    this.#outgoing = outgoing;
    outgoing.once('close', () => {
      if (!this.#isOver) this.#controller?.abort(new Error('the client went away'));
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#outgoing.destroyed) controller.abort(new Error('the client went away'));
  }

  onResponseStart({ rawHeaders }: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#outgoing.writeHead(status, forwarded(Array.isArray(rawHeaders) ? rawHeaders : []));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#outgoing.write(chunk)) return;
    controller.pause();
    this.#outgoing.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#isOver = true;
    this.#outgoing.end();
  }

  onResponseError(): void {
    this.#isOver = true;
    if (this.#outgoing.headersSent) this.#outgoing.destroy();
    else this.#outgoing.writeHead(502).end();
  }
}

function forwarded(headers: readonly (string | Uint8Array)[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = textOf(headers[index] ?? '');
    if (!connectionHeaders.has(name.toLowerCase())) kept.push(name, textOf(headers[index + 1] ?? ''));
  }
  return kept;
}

function textOf(value: string | Uint8Array): string {
  if (typeof value === 'string') return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const server = createServer({ requestTimeout: 0 }, (incoming, outgoing) => {
  pool.dispatch(
    {
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: forwarded(incoming.rawHeaders),
      body: hasBody(incoming) ? incoming : null,
    },
    new Relay(outgoing),
  );
});
server.listen(0, '127.0.0.1', 4096, () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`listening ${address.port}\n`);
});
