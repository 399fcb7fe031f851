import { startServer, type RunningServer } from '../../main.ts';
import type { FromReplica, ReplicaStart } from './replica-messages.ts';

/** A server of its own for a live run: it is told what to be, and ends when the run's process lets go of it. */
let starting: Promise<RunningServer> | undefined;
const report = (message: FromReplica): void => void process.send?.(message);

process.once('message', (start: ReplicaStart) => {
  starting = startServer(start.config, { environment: {}, ...start.pauses });
  starting.then(
    ({ url }) => report({ kind: 'listening', url }),
    (error: unknown) => report({ kind: 'failed', fault: String(error) }),
  );
});
const end = (): never => process.exit(0);
process.once('disconnect', () => {
  if (starting === undefined) end();
  else void starting.then((server) => server.close()).then(end, end);
});
// A terminal interrupts everybody; the run's process decides what that means.
process.on('SIGINT', () => {});
