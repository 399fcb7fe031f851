import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TunnelAnswer } from '../upstream/relay.ts';
import { createCallers } from './caller.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { pathBelowRoot } from './api-root.ts';
import { openAiError, upstreamError } from './openai-error.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import { upstreamHeaders } from './upstream-headers.ts';

/** Serves a request to go on in another protocol: Node's `upgrade` event. Never rejects. */
export type ServeUpgrade = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/**
 * Passes web sockets through: the request goes upstream as every other one does, and once upstream has agreed, bytes go
 * to and fro untouched until either side ends. An upstream that does not agree answers in its own words.
 */
export function createUpgrades(deps: ProxyDeps): ServeUpgrade {
  const callers = createCallers(deps);
  return async (incoming, socket, head) => {
    const waiting = watch(socket, head);
    try {
      const path = pathBelowRoot(incoming.url ?? '');
      if (path === undefined) throw new RatchetError('not_found', 'there are web sockets below /v1 only');
      const caller = callers.infer(incoming.headers);
      deps.telemetry.count('ratchet.requests', 1, { kind: 'pass-through' });
      const request = { path, ...upstreamHeaders(incoming.rawHeaders, caller), signal: waiting.gone };
      const answer = await deps.relay.openTunnel(request);
      waiting.end();
      await passAnswer(answer, socket);
    } catch (error) {
      refuse(socket, error);
    }
  };
}

/** A client that waits for its answer. */
interface WaitingClient {
  /** Aborted when it goes away. */
  readonly gone: AbortSignal;
  /** Puts back what it has sent already. */
  readonly end: () => void;
}

/** What a client says before it has been answered is held, bytes at most; one that says more has to wait. */
const earlyBytesMax = 64 * 1024;

/** Reads from the connection meanwhile, since only a reader is told of its end. */
function watch(socket: Duplex, head: Buffer): WaitingClient {
  const gone = new AbortController();
  const early: Buffer[] = [head];
  let bytes = head.length;
  const onData = (chunk: Buffer): void => {
    early.push(chunk);
    bytes += chunk.length;
    if (bytes > earlyBytesMax) socket.pause();
  };
  const onGone = (): void => gone.abort();
  socket.on('data', onData).once('end', onGone).once('close', onGone);
  socket.on('error', () => socket.destroy());
  return {
    gone: gone.signal,
    end: () => {
      socket.pause();
      socket.off('data', onData).off('end', onGone).off('close', onGone);
      if (bytes > 0) socket.unshift(Buffer.concat(early));
    },
  };
}

async function passAnswer(answer: TunnelAnswer, socket: Duplex): Promise<void> {
  if (answer.kind === 'failed') throw upstreamError(answer.failure);
  const { status, reason, headers } = answer;
  if (answer.kind === 'answered') {
    socket.write(headText(status, reason, [...headers, 'connection', 'close']), 'latin1');
    await pipeline(answer.body, socket).catch(() => socket.destroy());
    return;
  }
  const { stream } = answer;
  socket.write(headText(status, reason, headers), 'latin1');
  // Whichever side ends or fails takes the other one with it.
  await Promise.all([pipeline(socket, stream), pipeline(stream, socket)]).catch(() => {});
  socket.destroy();
  stream.destroy();
}

function refuse(socket: Duplex, error: unknown): void {
  const { status, body } = openAiError(error);
  const json = JSON.stringify(body);
  const headers = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(json))];
  socket.end(`${headText(status, 'Refused', [...headers, 'connection', 'close'])}${json}`);
}

function headText(status: number, reason: string, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status} ${reason}`];
  for (let index = 0; index + 1 < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
