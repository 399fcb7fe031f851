import { loadWorld } from '../upstream/simulated/load-world.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { summaryLines } from './world-run/run-summary.ts';
import { simulateWorld } from './world-run/simulate-world.ts';
import { addWorldOptions, worldPath, type WorldOptions } from './world-run/world-options.ts';

const requestsDefault = 20_000;

/** Requests from one line of progress to the next. */
const progressEvery = 5_000;

/** `ratchet simulate`: a world on a virtual clock. */
export const simulateCommand: CliCommand = {
  name: 'simulate',
  summary: 'run a world on a virtual clock and report what truly became of the prompt',
  define: (command, context) => {
    addWorldOptions(command, requestsDefault)
      .addHelpText(
        'after',
        `
The same routing, store, bandit, learner and gate as in production, without HTTP: days of traffic in seconds. Equal
worlds and seeds print the same bytes; progress and wall time go to stderr.

Examples:
  ratchet simulate
  ratchet simulate --world my-world.json --seed 7 --requests 40000
  ratchet simulate --json > report.json`,
      )
      .action(
        context.run(async ({ world: path, seed, requests, json }: WorldOptions) => {
          const world = await loadWorld(worldPath(path, context.folder));
          const startedMs = performance.now();
          const report = await simulateWorld({
            world,
            seed,
            requests,
            onProgress: (done) => {
              if (done % progressEvery === 0) context.printError(`${done} of ${requests} requests\n`);
            },
          });
          context.print(json ? `${JSON.stringify(report)}\n` : `${summaryLines(report).join('\n')}\n`);
          context.printError(`${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
          return exitCodes.ok;
        }),
      );
  },
};
