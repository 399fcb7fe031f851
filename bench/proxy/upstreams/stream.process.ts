import { createServer, type Socket } from 'node:net';
import { HttpReader } from '../load/http-reader.ts';
import { answerHeaders, receivedHeader } from './answer.ts';

/**
 * An upstream that streams: a request for the model `bench-stream-<chunks>x<pause>` is answered with that many events,
 * each written by itself, `pause` milliseconds apart (0: as fast as the other side takes them). Made of raw sockets and
 * prepared pieces, so that it takes much less time than any proxy.
 */
let number = 0;

const head = [
  'HTTP/1.1 200 OK',
  'content-type: text/event-stream',
  'transfer-encoding: chunked',
  ...Object.entries(answerHeaders).map(([name, value]) => `${name}: ${value}`),
].join('\r\n');

function eventOf(id: string, delta: object, finishReason: string | null): string {
  const event = {
    id,
    object: 'chat.completion.chunk',
    created: 1_800_000_000,
    model: 'bench-model-2027-01-01',
    service_tier: 'default',
    system_fingerprint: 'fp_0123456789',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  };
  return `data: ${JSON.stringify(event)}\n\n`;
}

/** A piece of a body in chunks. */
function chunkOf(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** Writes the events of one answer. */
function stream(socket: Socket, { received, chunks, pauseMs }: Answer): void {
  number += 1;
  const id = `chatcmpl-${String(number).padStart(32, '0')}`;
  const piece = chunkOf(eventOf(id, { content: ' order' }, null));
  const end = `${chunkOf(eventOf(id, {}, 'stop'))}${chunkOf('data: [DONE]\n\n')}0\r\n\r\n`;
  let left = chunks;
  let pending = `${head}\r\n${receivedHeader}: ${received}\r\n\r\n`;
  const step = (): void => {
    if (socket.destroyed) return;
    left -= 1;
    const isTaken = socket.write(pending + (left === 0 ? end : piece), 'latin1');
    pending = '';
    if (left === 0) return;
    if (!isTaken) socket.once('drain', step);
    else if (pauseMs === 0) setImmediate(step);
    else setTimeout(step, pauseMs);
  };
  step();
}

interface Answer {
  readonly received: number;
  readonly chunks: number;
  readonly pauseMs: number;
}

const server = createServer((socket) => {
  let received = 0;
  let wanted: { readonly chunks: number; readonly pauseMs: number } = { chunks: 1, pauseMs: 0 };
  const reader = new HttpReader({
    onHead: () => {
      received = 0;
    },
    onBody: (piece) => {
      // The model is the first field of every request of the bench, so it comes with the first piece.
      const found = received === 0 ? /"bench-stream-(\d+)x(\d+)"/.exec(piece.toString('latin1')) : null;
      if (found !== null) wanted = { chunks: Number(found[1]), pauseMs: Number(found[2]) };
      received += piece.length;
    },
    onEnd: () => stream(socket, { received, ...wanted }),
  });
  socket.setNoDelay(true);
  socket.on('data', (bytes) => reader.push(bytes)).on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', 4096, () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`listening ${address.port}\n`);
});
