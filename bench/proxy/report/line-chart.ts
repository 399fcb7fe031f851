/** A line of a chart. */
export interface ChartLine {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

/** A point with its range. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** What a chart shows. Both axes begin at the smallest values; the x axis is logarithmic unless told. */
export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly ChartLine[];
  /** Default: from 0. */
  readonly isYLogarithmic?: boolean;
  readonly isXLinear?: boolean;
}

const size = { width: 720, height: 400, left: 70, right: 150, top: 44, bottom: 56 } as const;
const plot = {
  width: size.width - size.left - size.right,
  height: size.height - size.top - size.bottom,
} as const;

/** Legible on white and on black; lines differ by dashes too. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #333; }
  .title { font-weight: 600; font-size: 15px; }
  .axis { stroke: #888; }
  .grid { stroke: #888; stroke-opacity: 0.25; }
  .line-0 { stroke: #1f6feb; fill: #1f6feb; }
  .line-1 { stroke: #bf5700; fill: #bf5700; stroke-dasharray: 7 4; }
  .line-2 { stroke: #6e7781; fill: #6e7781; stroke-dasharray: 2 4; }
  polyline { fill: none !important; stroke-width: 2; }
  circle, .range { stroke-dasharray: none; }
  .name { stroke: none !important; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd; }
    .line-0 { stroke: #79b8ff; fill: #79b8ff; }
    .line-1 { stroke: #ffab70; fill: #ffab70; }
    .line-2 { stroke: #aab3bd; fill: #aab3bd; }
  }
`;

/** Draws a chart as SVG. Points of a line are joined in the order of x. */
export function drawChart(chart: Chart): string {
  const points = chart.lines.flatMap((one) => one.points);
  const x = scaleOf(
    points.map((point) => point.x),
    chart.isXLinear !== true,
    false,
  );
  const y = scaleOf(
    points.flatMap((point) => [point.low, point.high]),
    chart.isYLogarithmic === true,
    true,
  );
  const atX = (value: number): number => size.left + x.share(value) * plot.width;
  const atY = (value: number): number => size.top + (1 - y.share(value)) * plot.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img">`,
    `<title>${escaped(chart.title)}</title>`,
    `<style>${style}</style>`,
    text(size.left, 22, chart.title, 'class="title"'),
    ...y.ticks.map(
      (tick) =>
        line('grid', [size.left, atY(tick), size.left + plot.width, atY(tick)]) +
        text(size.left - 8, atY(tick) + 4, label(tick), 'text-anchor="end"'),
    ),
    ...x.ticks.map(
      (tick) =>
        line('axis', [atX(tick), size.top + plot.height, atX(tick), size.top + plot.height + 5]) +
        text(atX(tick), size.top + plot.height + 20, label(tick), 'text-anchor="middle"'),
    ),
    line('axis', [size.left, size.top + plot.height, size.left + plot.width, size.top + plot.height]),
    text(size.left + plot.width / 2, size.height - 12, chart.xLabel, 'text-anchor="middle"'),
    text(
      0,
      0,
      chart.yLabel,
      `text-anchor="middle" transform="translate(16 ${size.top + plot.height / 2}) rotate(-90)"`,
    ),
    ...chart.lines.map((chartLine, index) => drawLine(chartLine, index, atX, atY)),
    '</svg>',
    '',
  ].join('\n');
}

function drawLine(
  { name, points }: ChartLine,
  index: number,
  atX: (x: number) => number,
  atY: (y: number) => number,
): string {
  const sorted = points.toSorted((one, other) => one.x - other.x);
  const last = sorted.at(-1);
  if (last === undefined) return '';
  const path = sorted.map(({ x, y }) => `${round(atX(x))},${round(atY(y))}`).join(' ');
  return [
    `<g class="line-${index}">`,
    `<polyline points="${path}"/>`,
    ...sorted.map(({ x, low, high }) => line('range', [atX(x), atY(low), atX(x), atY(high)])),
    ...sorted.map(({ x, y }) => `<circle cx="${round(atX(x))}" cy="${round(atY(y))}" r="3"/>`),
    text(atX(last.x) + 10, atY(last.y) + 4, name, 'class="name"'),
    '</g>',
  ].join('');
}

interface Scale {
  /** Where a value lies between both ends, [0, 1]. */
  readonly share: (value: number) => number;
  readonly ticks: readonly number[];
}

function scaleOf(values: readonly number[], isLogarithmic: boolean, isFromZero: boolean): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (isLogarithmic) return logarithmic(low, high, isFromZero);
  const step = stepOf((high - (isFromZero ? 0 : low)) / 5);
  const start = isFromZero ? 0 : Math.floor(low / step) * step;
  const end = Math.ceil(high / step) * step;
  const ticks = Array.from(
    { length: Math.round((end - start) / step) + 1 },
    (_, index) => start + index * step,
  );
  return { share: (value) => (value - start) / (end - start || 1), ticks };
}

/** Ticks at powers of ten, and at the ends where there are fewer than two of them. `isWidened`: ends at powers too. */
function logarithmic(low: number, high: number, isWidened: boolean): Scale {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  const [start, end] = isWidened ? [10 ** first, 10 ** last] : [low, high];
  const ticks = powers.filter((power) => power >= start && power <= end);
  return {
    share: (value) => Math.log(value / start) / (Math.log(end / start) || 1),
    ticks: ticks.length >= 2 ? ticks : [start, end],
  };
}

/** 1, 2 or 5 times a power of ten, the nearest above. */
function stepOf(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}

function label(value: number): string {
  return value >= 1 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)));
}

function line(className: string, [x1, y1, x2, y2]: readonly [number, number, number, number]): string {
  return `<line class="${className}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
