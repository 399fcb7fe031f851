import { connect, createServer, type AddressInfo } from 'node:net';

/** A way to a PostgreSQL server on which everything works but that nothing is heard of notifications. */
export interface DeafPooler {
  readonly url: string;
  /** From now on notifications pass, or do not. */
  readonly letThrough: (isOpen: boolean) => void;
  readonly close: () => Promise<void>;
}

/** What a notification's message begins with (PostgreSQL's message formats, NotificationResponse). */
const notificationType = 'A'.charCodeAt(0);

/** As a pooler that lends connections by the transaction: to listen succeeds, and nothing ever comes. */
export async function startDeafPooler(serverUrl: string): Promise<DeafPooler> {
  const { hostname, port } = new URL(serverUrl);
  let isOpen = false;
  const pooler = createServer((client) => {
    const server = connect(Number(port === '' ? 5432 : port), hostname);
    let rest = Buffer.alloc(0);
    client.pipe(server);
    server.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 5 && rest.length >= 1 + rest.readUInt32BE(1)) {
        const end = 1 + rest.readUInt32BE(1);
        if (isOpen || rest[0] !== notificationType) client.write(rest.subarray(0, end));
        rest = rest.subarray(end);
      }
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const)
      one.on('error', () => {}).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve));
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(pooler.address() as AddressInfo).port}`;
  return {
    url: url.href,
    letThrough: (passes) => {
      isOpen = passes;
    },
    close: () => new Promise((resolve) => pooler.close(() => resolve())),
  };
}
