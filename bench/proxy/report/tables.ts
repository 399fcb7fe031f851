import type { Series } from '../results.ts';
import { spreadOf } from '../../statistics.ts';
import { judgeTargets } from './targets.ts';

/** Rows of cells; the first one is the head. */
export type Table = readonly (readonly string[])[];

/** How measures are headed; those without a heading are not printed. */
const headings: Readonly<Record<string, string>> = {
  cpuMicros: 'CPU µs/request',
  mainMicros: 'main thread',
  perSecond: 'requests/s',
  chunkMicros: 'CPU µs/chunk',
  p50Ms: 'p50 ms',
  p99Ms: 'p99 ms',
  firstByteP50Ms: 'first byte p50 ms',
  firstByteP99Ms: 'first byte p99 ms',
  restMb: 'MB at rest',
  usedMb: 'MB after 2,000 streams',
  streamingMb: 'MB with 1,000 open',
  perStreamKb: 'KB/open stream',
  backgroundShare: 'background, share of a core',
  restShare: 'at rest, share of a core',
  droppedShare: 'not recorded, share',
};

/** What each target came to. */
export function targetTable(all: readonly Series[]): Table {
  const rows = judgeTargets(all).map(({ what, isUpper, bound, unit, measured, isMet }) => [
    what,
    `${isUpper ? '≤' : '≥'} ${bound}${unit}`,
    `${figure(measured.median)}${unit}`,
    measured.min === measured.max ? '' : `${figure(measured.min)} … ${figure(measured.max)}`,
    isMet ? 'met' : 'missed',
  ]);
  return [['target', 'bound', 'measured', 'rounds', ''], ...rows];
}

/** Medians of one case, a row for each contender; `undefined` where nothing of it was measured. */
export function caseTable(all: readonly Series[], name: string): Table | undefined {
  const own = all.filter((series) => series.case === name && headings[series.measure] !== undefined);
  if (own.length === 0) return undefined;
  const measures = Object.keys(headings).filter((measure) =>
    own.some((series) => series.measure === measure),
  );
  const contenders = [...new Set(own.map(({ contender }) => contender))];
  const rows = contenders.map((contender) => [
    contender,
    ...measures.map((measure) => {
      const values = own.find(
        (series) => series.contender === contender && series.measure === measure,
      )?.values;
      return values === undefined ? '' : figure(spreadOf(values).median);
    }),
  ]);
  return [[name, ...measures.map((measure) => headings[measure] ?? measure)], ...rows];
}

/** Names of cases in the order in which they were measured. */
export function measuredCases(all: readonly Series[]): readonly string[] {
  return [...new Set(all.map((series) => series.case))];
}

/** Columns of equal width, for terminals; all but the first are aligned to the right. */
export function plainText(table: Table): string {
  const [head = []] = table;
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same for a page. */
export function markdown([head = [], ...rows]: Table): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [cellsOf(head), cellsOf(rule), ...rows.map(cellsOf)].join('\n');
}

function cellsOf(row: readonly string[]): string {
  return `| ${row.join(' | ')} |`;
}

/** Three figures that count. */
function figure(value: number): string {
  if (Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  return size >= 1_000
    ? Math.round(value).toLocaleString('en')
    : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
