import { execFileSync } from 'node:child_process';
import { openBench } from './bench.ts';
import { runCase } from './cases/cases.ts';
import { installPeer } from './contenders/peer.ts';
import { cores, describeMachine, findTools } from './machine.ts';
import { readOptions, usage, type Options } from './options.ts';
import { caseTable, measuredCases, plainText, targetTable } from './report/tables.ts';
import { judgeTargets } from './report/targets.ts';
import { measurementsOf, writeDocs } from './report/write-docs.ts';
import type { Series } from './results.ts';

/** Runs the bench: `npm run bench:proxy`, see `options.ts`. */
async function run(options: Options): Promise<readonly Series[]> {
  const startedAt = performance.now();
  const tell = (line: string): void => {
    process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  };
  const tools = findTools();
  if (tools.taskset === undefined)
    tell('processes are not pinned to cores: there is no taskset, or one core only');
  else execFileSync(tools.taskset, ['-a', '-c', '-p', String(cores.rest), String(process.pid)]);
  if (tools.wrk === undefined) tell('no wrk: our own generator instead, which may limit nginx');
  if (tools.nginx === undefined) tell('no nginx: neither as upstream nor as a contender');
  await installPeer(tell);
  const bench = await openBench(options, tools, tell);
  try {
    for (const name of options.cases) await runCase(bench, name);
    return bench.results.all();
  } finally {
    await bench.stop();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function report(options: Options, series: readonly Series[]): void {
  const measurements = measurementsOf(describeMachine(findTools()), options, series);
  if (options.isWritten) writeDocs(measurements);
  if (options.isJson) print(JSON.stringify(measurements));
  else {
    for (const name of measuredCases(series)) {
      const table = caseTable(series, name);
      if (table !== undefined) print(`${plainText(table)}\n`);
    }
    print(plainText(targetTable(series)));
  }
  if (options.isCheck && judgeTargets(series).some(({ isMet }) => !isMet)) process.exitCode = 1;
}

/** `null`: the command line is wrong, and has been told so. */
function askedFor(parameters: readonly string[]): Options | undefined | null {
  try {
    return readOptions(parameters);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
    return null;
  }
}

const options = askedFor(process.argv.slice(2));
if (options === undefined) print(usage);
else if (options !== null) report(options, await run(options));
