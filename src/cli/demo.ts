import { incumbentOf } from '../gate/task-view.ts';
import { loadWorld } from '../upstream/simulated/load-world.ts';
import type { World } from '../upstream/simulated/world.ts';
import { exitCodes, type CliCommand, type CliContext } from './cli-command.ts';
import { promptDiff } from './prompt-diff.ts';
import { createLivePicture } from './world-run/live-picture.ts';
import type { LiveRun } from './world-run/live-run.ts';
import type { RunReport } from './world-run/run-report.ts';
import { summaryLines } from './world-run/run-summary.ts';
import { addWorldOptions, worldPath, type WorldOptions } from './world-run/world-options.ts';

const requestsDefault = 6_500;

interface DemoOptions extends WorldOptions {
  readonly keep?: true;
}

/** `ratchet demo`: the whole product against a simulated model, in real time. */
export const demoCommand: CliCommand = {
  name: 'demo',
  summary: 'watch a prompt get better: proxy, learner and gate against a simulated model',
  define: (command, context) => {
    addWorldOptions(command, requestsDefault)
      .option('--keep', 'stay up afterwards, and print the addresses')
      .addHelpText(
        'after',
        `
Starts a simulated model, a real server before it with its database in a temporary folder, and an agent that uses the
openai package and posts scores. Needs no key and no network. Exits with 0 only if the loop worked: something was
promoted, nothing harmful, and the prompt that serves at the end is truly better than the agent's own.

Examples:
  ratchet demo
  ratchet demo --seed 3 --json
  ratchet demo --world my-world.json --requests 12000 --keep`,
      )
      .action(context.run(async (options: DemoOptions) => await demo(options, context)));
  },
};

async function demo(options: DemoOptions, context: CliContext): Promise<number> {
  const { seed, requests, json, keep } = options;
  const world = await loadWorld(worldPath(options.world, context.folder));
  const { runLive } = await import('./world-run/live-run.ts');
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const picture = createLivePicture({
    title: `ratchet demo: world ${world.name}, seed ${seed}`,
    requestsTotal: requests,
    print: json ? context.printError : context.print,
    isInteractive: !json && process.stdout.isTTY,
  });
  const run = await runLive({ world, seed, requests, signal: stopping.signal, onTick: picture.show });
  picture.end();
  const fault = faultOf(run.report, stopping.signal.aborted);
  if (!json) tell(run, world, context);
  if (keep && !stopping.signal.aborted) await stayUp(run, stopping.signal, context);
  await run.close();
  if (json) context.print(`${JSON.stringify(run.report)}\n`);
  if (fault !== undefined) context.printError(`ratchet demo: ${fault}\n`);
  return fault === undefined ? exitCodes.ok : exitCodes.failed;
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

async function stayUp({ url, worldUrl }: LiveRun, signal: AbortSignal, { print }: CliContext): Promise<void> {
  print(`
still up, until interrupted:
  proxy       ${url}/v1        (model behind it: ${worldUrl})
  tasks       ${url}/api/tasks
  metrics     ${url}/metrics
`);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
