import { openConnection, type Connection } from './connection.ts';
import type { Filler } from './template.ts';

/** Streams that are open at the same time. */
export interface HeldStreams {
  /** Opens so many more; resolves when each has had its head and a first byte, or failed, to the number that failed. */
  readonly open: (count: number) => Promise<number>;
  readonly close: () => void;
}

/** Holds streams open against a server whose responses take long. */
export function holdStreams(port: number, fill: Filler, start: number): HeldStreams {
  const connections: Connection[] = [];
  let number = start;
  return {
    open: async (count) => {
      let failed = 0;
      const opened = Array.from({ length: count }, () => {
        const connection = openConnection(port);
        connections.push(connection);
        const { promise, resolve } = Promise.withResolvers<void>();
        number += 1;
        connection.send(
          fill(number),
          () => {
            failed += 1;
            resolve();
          },
          () => resolve(),
        );
        return promise;
      });
      await Promise.all(opened);
      return failed;
    },
    close: () => {
      for (const connection of connections) connection.close();
    },
  };
}
