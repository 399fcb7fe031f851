import type { Series } from '../results.ts';
import { spreadOf } from '../../statistics.ts';
import { drawChart, type Chart, type ChartLine } from './line-chart.ts';

/** A chart's file name and its text. */
export interface ChartFile {
  readonly name: string;
  readonly svg: string;
}

interface Subject extends Omit<Chart, 'lines' | 'yLabel'> {
  readonly case: string;
  readonly file: string;
}

const subjects: readonly Subject[] = [
  { case: 'growth-arms', file: 'arms.svg', title: 'A request, by the arms of its task', xLabel: 'arms' },
  {
    case: 'growth-tasks-named',
    file: 'tasks-named.svg',
    title: 'A request, by the number of tasks, named by a header',
    xLabel: 'tasks',
  },
  {
    case: 'growth-tasks-automatic',
    file: 'tasks-automatic.svg',
    title: 'A request, by the number of tasks, recognised by prompts that differ every time',
    xLabel: 'tasks, at most 1,000 of a credential',
  },
  {
    case: 'growth-kilobytes',
    file: 'bytes.svg',
    title: 'A request, by its size',
    xLabel: 'KB',
    isYLogarithmic: true,
  },
  {
    case: 'growth-turns',
    file: 'turns.svg',
    title: 'A request, by the turns of its conversation',
    xLabel: 'turns',
  },
];

/** Draws every chart for which there is data. */
export function drawCharts(all: readonly Series[]): readonly ChartFile[] {
  const files = subjects.flatMap((subject) => {
    const lines = linesOf(all, subject.case);
    if (lines.length === 0) return [];
    return [{ name: subject.file, svg: drawChart({ ...subject, yLabel: 'CPU, µs', lines }) }];
  });
  const memory = memoryLine(all);
  if (memory === undefined) return files;
  const chart: Chart = {
    title: 'Resident memory over many requests, recording all text',
    xLabel: 'requests',
    yLabel: 'MB',
    lines: [memory],
    isXLinear: true,
  };
  return [...files, { name: 'memory.svg', svg: drawChart(chart) }];
}

/** Whole process and main thread of Ratchet, and the bare pass-through where its cost grows too. */
function linesOf(all: readonly Series[], name: string): readonly ChartLine[] {
  return [
    lineOf(all, { name, contender: 'ratchet', measure: 'cpuMicros', title: 'Ratchet' }),
    lineOf(all, { name, contender: 'ratchet', measure: 'mainMicros', title: 'its main thread' }),
    lineOf(all, { name, contender: 'bare', measure: 'cpuMicros', title: 'bare pass-through' }),
  ].filter(({ points }) => points.length > 1);
}

function lineOf(
  all: readonly Series[],
  which: {
    readonly name: string;
    readonly contender: string;
    readonly measure: string;
    readonly title: string;
  },
): ChartLine {
  const { name, contender, measure, title } = which;
  const own = all.filter(
    (series) =>
      series.case === name && series.measure === measure && series.contender.split(' ')[0] === contender,
  );
  const points = own.map((series) => {
    const { median, min, max } = spreadOf(series.values);
    return { x: Number(series.contender.split(' ')[1]), y: median, low: min, high: max };
  });
  return { name: title, points };
}

function memoryLine(all: readonly Series[]): ChartLine | undefined {
  const find = (measure: string): readonly number[] =>
    all.find((series) => series.case === 'memory' && series.measure === measure)?.values ?? [];
  const resident = find('servedMb');
  const points = find('servedRequests').map((x, index) => {
    const y = resident[index] ?? Number.NaN;
    return { x, y, low: y, high: y };
  });
  return points.length < 2 ? undefined : { name: 'Ratchet', points };
}
