import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exchange } from './raw-client.ts';
import { headerOf, type RawMessage } from './raw-message.ts';
import { startRawUpstream, type Behaviour, type RawUpstream } from './raw-upstream.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

/** A real server in a process of its own, before an upstream of which every byte is known. */
export interface ByteForByte {
  readonly upstream: RawUpstream;
  readonly server: ServerProcess;
  /** Port of the server. */
  readonly port: number;
  /** The same bytes sent straight to the upstream, and through Ratchet. */
  readonly bothWays: (request: string | Uint8Array, behaviour: Behaviour) => Promise<BothWays>;
  readonly close: () => Promise<void>;
}

/** What either side saw, once without Ratchet and once with it. */
export interface BothWays {
  readonly direct: OneWay;
  readonly through: OneWay;
}

export interface OneWay {
  readonly request: RawMessage;
  /** Interim responses, and the last one. */
  readonly responses: readonly RawMessage[];
}

/** Starts both. `path` is that of the upstream's base URL. */
export async function startByteForByte(path = '/v1'): Promise<ByteForByte> {
  const upstream = await startRawUpstream();
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-bytes-'));
  const server = await startServerProcess({
    RATCHET_UPSTREAM: `http://127.0.0.1:${upstream.port}${path}`,
    RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}`,
  });
  const port = Number(new URL(server.url).port);
  const oneWay = async (to: number, request: string | Uint8Array): Promise<OneWay> => {
    upstream.take();
    const responses = await exchange(to, request);
    const [seen] = upstream.take();
    if (seen === undefined) throw new Error('upstream saw no request');
    return { request: seen, responses };
  };
  return {
    upstream,
    server,
    port,
    bothWays: async (request, behaviour) => {
      upstream.behave(behaviour);
      return { direct: await oneWay(upstream.port, request), through: await oneWay(port, request) };
    },
    close: async () => {
      server.kill('SIGKILL');
      await server.exited;
      await upstream.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Of one connection only, so that a proxy has them for each side (RFC 9110, section 7.6.1); dates are the sender's. */
const ofConnection = /^(connection|keep-alive|host|transfer-encoding|date)$/i;

/** What Ratchet says of itself. */
const ofRatchet = /^(x-ratchet-(decision|task|variant)|server-timing)$/;

/**
 * A message without what belongs to one connection or to Ratchet. The length of a request's body is part of its framing,
 * and stands where the sender likes; a body of no bytes may be said or not.
 */
export function endToEnd(message: RawMessage): RawMessage {
  const { line, body, trailers, framing } = message;
  const isRequest = !line.startsWith('HTTP/');
  return {
    line,
    headers: message.headers.filter(
      ([name]) =>
        !ofConnection.test(name) && !ofRatchet.test(name) && !(isRequest && /^content-length$/i.test(name)),
    ),
    body,
    trailers,
    framing: isRequest && body.length === 0 ? 'none' : framing,
  };
}

/** The value of a response's header, for tests of a single one. */
export function valueOf(message: RawMessage | undefined, name: string): string | undefined {
  return message === undefined ? undefined : headerOf(message.headers, name);
}
