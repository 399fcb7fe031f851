import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../machine.ts';
import type { Options } from '../options.ts';
import type { Series } from '../results.ts';
import { drawCharts } from './charts.ts';
import { caseTable, markdown, measuredCases, targetTable } from './tables.ts';

/** All that was measured, and how. */
export interface Measurements {
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  readonly series: readonly Series[];
}

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const dataFile = `${docs}/performance/data.json`;
const page = `${docs}/performance.md`;

/** The part of the page that is written by this file. */
const begin = '<!-- measured: written by npm run bench:proxy -- --write -->';
const end = '<!-- /measured -->';

/**
 * Writes data, charts and the tables of the page. Cases that were not measured this time keep their data of before,
 * provided that the machine is the same.
 */
export function writeDocs({ machine, rounds, seconds, series }: Measurements): void {
  mkdirSync(`${docs}/performance`, { recursive: true });
  const before = readBefore();
  const isSameMachine = JSON.stringify(before?.machine) === JSON.stringify(machine);
  const measured = new Set(series.map((one) => one.case));
  const kept = isSameMachine ? (before?.series ?? []).filter((one) => !measured.has(one.case)) : [];
  const all = [...kept, ...series].map(rounded);
  const measurements: Measurements = { machine, rounds, seconds, series: all };
  writeFileSync(dataFile, `${JSON.stringify(measurements)}\n`);
  for (const { name, svg } of drawCharts(all)) writeFileSync(`${docs}/performance/${name}`, svg);
  const text = readFileSync(page, 'utf8');
  const [head, rest] = text.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`docs/performance.md has lost ${begin} … ${end}`);
  writeFileSync(page, `${head}${begin}\n${tables(measurements)}\n${end}${tail}`);
}

/** What a run was asked for, without what does not change its figures. */
export function measurementsOf(machine: Machine, options: Options, series: readonly Series[]): Measurements {
  return { machine, rounds: options.rounds, seconds: options.seconds, series };
}

function tables({ machine, rounds, seconds, series }: Measurements): string {
  const { processor, cores, system, node, isPinned, generator, upstream } = machine;
  const where = `${cores} cores (${processor}), ${system}, Node ${node}, ${isPinned ? 'pinned' : 'not pinned'}; generator: ${generator}; upstream of JSON: ${upstream}; ${rounds} rounds of ${seconds} s.`;
  const cases = measuredCases(series)
    .map((name) => caseTable(series, name))
    .filter((table) => table !== undefined);
  return [where, markdown(targetTable(series)), 'Medians:', ...cases.map(markdown)].join('\n\n');
}

function readBefore(): Measurements | undefined {
  try {
    // JSON has no word for "not a number".
    const before: Measurements = JSON.parse(readFileSync(dataFile, 'utf8'), (_, value: unknown) =>
      value === null ? Number.NaN : value,
    );
    return before;
  } catch {
    return undefined;
  }
}

/** Five figures are more than any of these measurements has. */
function rounded(series: Series): Series {
  return { ...series, values: series.values.map((value) => Number(value.toPrecision(5))) };
}
