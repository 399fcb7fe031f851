import { createServer } from 'node:http';

/** A collector that takes everything, and counts the spans of routed requests. */
export interface TraceSink {
  readonly url: string;
  readonly spans: () => number;
  readonly stop: () => Promise<void>;
}

/** How each of those spans begins its name, so that they can be counted without decoding. */
const spanName = Buffer.from('chat bench-');

/** Starts a collector for OTLP over HTTP in this process. */
export async function startTraceSink(): Promise<TraceSink> {
  let spans = 0;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces);
      if (request.url === '/v1/traces')
        for (let at = body.indexOf(spanName); at !== -1; at = body.indexOf(spanName, at + 1)) spans += 1;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => spans,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
