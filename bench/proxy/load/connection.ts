import { connect, type Socket } from 'node:net';
import { HttpReader } from './http-reader.ts';

/** How a request went. Moments are those of `performance.now()`. */
export interface Exchange {
  /** 0: the connection ended before the response did. */
  readonly status: number;
  /** First byte of the body; NaN where there was none. */
  readonly firstByteAt: number;
  readonly endedAt: number;
}

/** A connection that takes one request after another. */
export interface Connection {
  /** Sends a request; the connection must be free. `onDone` is called once, `onFirstByte` of the body before it. */
  readonly send: (request: string, onDone: (exchange: Exchange) => void, onFirstByte?: () => void) => void;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

/** Connects to a server on loopback; requests sent before the connection stands wait for it. */
export function openConnection(port: number): Connection {
  let socket: Socket | undefined = connect(port, '127.0.0.1');
  let pending: ((exchange: Exchange) => void) | undefined;
  let begun: (() => void) | undefined;
  let status = 0;
  let firstByteAt = Number.NaN;
  const settle = (ended: number): void => {
    const done = pending;
    pending = undefined;
    done?.({ status: ended, firstByteAt, endedAt: performance.now() });
  };
  const reader = new HttpReader({
    onHead: (head) => {
      status = Number(head.slice(9, 12));
    },
    onBody: () => {
      if (!Number.isNaN(firstByteAt)) return;
      firstByteAt = performance.now();
      begun?.();
    },
    onEnd: () => settle(status),
  });
  const end = (): void => {
    socket = undefined;
    settle(0);
  };
  socket.setNoDelay(true);
  socket.on('data', (bytes) => reader.push(bytes));
  socket.once('error', end).once('close', end);
  return {
    send: (request, onDone, onFirstByte) => {
      pending = onDone;
      begun = onFirstByte;
      status = 0;
      firstByteAt = Number.NaN;
      if (socket === undefined) settle(0);
      else socket.write(request, 'utf8');
    },
    isOpen: () => socket !== undefined,
    close: () => socket?.destroy(),
  };
}
