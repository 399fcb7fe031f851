import { openConnection, type Exchange } from './connection.ts';
import type { Filler } from './template.ts';

/** Requests as fast as they are answered: each connection sends the next one when it has its response. */
export interface ClosedLoop {
  readonly port: number;
  readonly fill: Filler;
  /** Number of the first request. */
  readonly start: number;
  readonly connections: number;
  /** Ends after this time or after so many requests, whichever comes first. */
  readonly seconds: number;
  readonly requestsMax: number;
}

/** What a closed loop saw. */
export interface ClosedLoopResult {
  readonly requests: number;
  /** Responses other than 2xx, and connections that broke. */
  readonly errors: number;
  readonly seconds: number;
}

/** Runs a closed loop; resolves when all connections have their last response. */
export async function runClosedLoop(loop: ClosedLoop): Promise<ClosedLoopResult> {
  const { port, fill, start, connections, seconds, requestsMax } = loop;
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  let sent = 0;
  let requests = 0;
  let errors = 0;
  const drive = async (): Promise<void> => {
    let connection = openConnection(port);
    while (sent < requestsMax && performance.now() < endsAt) {
      if (!connection.isOpen()) connection = openConnection(port);
      const text = fill(start + sent);
      sent += 1;
      const { promise, resolve } = Promise.withResolvers<Exchange>();
      connection.send(text, resolve);
      const { status } = await promise;
      requests += 1;
      if (status < 200 || status > 299) errors += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, drive));
  return { requests, errors, seconds: (performance.now() - startedAt) / 1000 };
}
