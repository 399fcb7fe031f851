import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawChart, type ChartLine } from '../proxy/report/line-chart.ts';
import { fullLearner } from './contender.ts';
import { contenderTable, promotionLine, targetLines, worstCaseTable, type Table } from './figures.ts';
import { valueAt } from './measures.ts';
import { mean } from './intervals.ts';
import type { RunResult } from './run.ts';
import type { Measured } from './sections.ts';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const begin = '<!-- measured: written by npm run bench:learner -- --write -->';
const end = '<!-- /measured -->';

const dataFile = `${docs}/learner/data.json`;

/** Calls at which curves are drawn. */
const chartCalls = [0, 500, 1_000, 2_000, 3_000, 4_000, 6_000, 8_000, 10_000, 12_000, 15_000, 18_000];

/** The report as Markdown. */
export function reportOf(measured: Measured): string {
  const { worlds, cold, warm } = measured;
  const all = [...worlds, ...cold, ...warm];
  return [
    ...(worlds.length === 0
      ? []
      : [
          `**Worlds** (${[...new Set(worlds.map(({ world }) => world))].join(', ')}), each optimizer alone and the full learner; ${extentOf(worlds)}:`,
          markdown(contenderTable(worlds)),
          'Calls to within 2 points of what the best contender reached:',
          markdown(worstCaseTable(worlds)),
        ]),
    ...(cold.length === 0
      ? []
      : [
          `**Related worlds**, from nothing; ${extentOf(cold)}:`,
          markdown(contenderTable(cold)),
          ...(warm.length === 0
            ? []
            : ['and by a learner that knows the others:', markdown(contenderTable(warm))]),
          targetLines(measured)
            .map((line) => `- ${line}`)
            .join('\n'),
        ]),
    `Promotions by who proposed: ${promotionLine(all)}. Harmful: ${all.reduce((sum, { harmful }) => sum + harmful, 0)} of ${all.reduce((sum, { promoted }) => sum + promoted, 0)}.`,
  ].join('\n\n');
}

function extentOf(results: readonly RunResult[]): string {
  const seeds = [...new Set(results.map(({ seed }) => seed))].toSorted((one, other) => one - other);
  const requests = Math.max(...results.map((result) => result.requests));
  return `seeds ${seeds.join(', ')}, at most ${requests.toLocaleString('en')} requests a run, 95 % intervals`;
}

/** Writes data, report and charts. Parts that were not measured this time keep their data of before. */
export function writeDocs(newest: Measured): void {
  mkdirSync(`${docs}/learner`, { recursive: true });
  const measured = completed(newest);
  writeFileSync(dataFile, `${JSON.stringify(measured, rounded)}\n`);
  const charts = [
    [
      'worlds',
      'True value of the serving prompt, mean over worlds',
      linesOf(measured.worlds, [fullLearner, 'opro', 'textual-gradient']),
    ],
    [
      'family',
      'Related worlds: true value of the serving prompt',
      [
        ...linesOf(measured.warm, [fullLearner]).map((line) => ({ ...line, name: 'full learner, warm' })),
        ...linesOf(measured.cold, ['opro', fullLearner]).map((line) => ({
          ...line,
          name: line.name === fullLearner ? 'full learner, cold' : line.name,
        })),
      ],
    ],
  ] as const;
  const drawn = charts.filter(([, , lines]) => lines.length > 0);
  for (const [name, title, lines] of drawn)
    writeFileSync(
      `${docs}/learner/${name}.svg`,
      drawChart({ title, xLabel: 'model calls', yLabel: 'true value', lines, isXLinear: true }),
    );
  const page = `${docs}/learner.md`;
  const [head, rest] = readFileSync(page, 'utf8').split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`docs/learner.md has lost ${begin} … ${end}`);
  const images = drawn.map(([name, title]) => `![${title}](learner/${name}.svg)`).join('\n\n');
  writeFileSync(page, `${head}${begin}\n${reportOf(measured)}\n\n${images}\n${end}${tail}`);
}

function completed(newest: Measured): Measured {
  const before = readBefore();
  if (before === undefined) return newest;
  const family =
    newest.cold.length > 0 ? newest : { cold: before.cold, warm: before.warm, pairs: before.pairs };
  return { ...family, worlds: newest.worlds.length > 0 ? newest.worlds : before.worlds };
}

function readBefore(): Measured | undefined {
  try {
    const before: Measured = JSON.parse(readFileSync(dataFile, 'utf8'));
    return before;
  } catch {
    return undefined;
  }
}

/** Four decimals are more than any of these measurements has. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value;
}

function linesOf(results: readonly RunResult[], names: readonly string[]): readonly ChartLine[] {
  return names.flatMap((name): ChartLine[] => {
    const own = results.filter(({ contender }) => contender === name);
    if (own.length === 0) return [];
    const points = chartCalls.map((calls) => {
      const { value, low, high } = mean(own.map((result) => valueAt(result, calls)));
      return { x: calls, y: value, low, high };
    });
    return [{ name, points }];
  });
}

function markdown({ head, rows }: Table): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
