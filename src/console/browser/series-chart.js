// Draws the pictures over time anew with uPlot, so that one can point at them. The server has drawn them already, and
// says beside each in `data-chart-data` what it has drawn; colours are those of the legend, in either theme.

/**
 * @typedef {{ name: string, colour: number, middle: (number | null)[], low?: (number | null)[], high?: (number | null)[] }} Line
 * @typedef {{ timesMs: number[], lines: Line[], marks: { atMs: number, label: string }[], range: [number, number], unit: 'value' | 'percent' }} Chart
 * @typedef {{ setSize: (size: { width: number, height: number }) => void, destroy: () => void, ctx: CanvasRenderingContext2D, bbox: { left: number, top: number, width: number, height: number }, valToPos: (value: number, scale: string, isCanvas: boolean) => number, cursor: { idx?: number | null } }} Plot
 */

const height = 240;
const Plot = Reflect.get(globalThis, 'uPlot');
/** @type {Map<HTMLElement, Plot>} */
const plots = new Map();

if (Plot !== undefined) {
  drawAll();
  for (const event of ['ratchet-theme', 'ratchet-refreshed']) document.addEventListener(event, drawAll);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  const sized = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries)
      if (target instanceof HTMLElement) plots.get(target)?.setSize({ width: contentRect.width, height });
  });
  for (const place of pictures()) sized.observe(place);
}

/** @returns {HTMLElement[]} */
function pictures() {
  return [...document.querySelectorAll('[data-chart]')].filter((place) => place instanceof HTMLElement);
}

function drawAll() {
  for (const place of pictures()) {
    const data = document.getElementById(`${place.dataset['chart']}-data`);
    const text = data?.querySelector('[data-chart-data]')?.getAttribute('data-chart-data');
    if (data === null || text === null || text === undefined) continue;
    draw(place, data, JSON.parse(text));
  }
}

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} data
 * @param {Chart} chart
 */
function draw(place, data, chart) {
  if (chart.timesMs.length < 2) return;
  plots.get(place)?.destroy();
  place.replaceChildren();
  const items = [...data.querySelectorAll('[data-legend] li')];
  const colours = items.map((item) => getComputedStyle(item.querySelector('svg') ?? item).color);
  const values = items.map((item) => item.querySelector('[data-value]'));
  const shown = values.map((value) => value?.textContent ?? '');
  const columns = columnsOf(chart, colours);
  const text = (/** @type {number | null | undefined} */ value) => textOf(value, chart.unit);
  plots.set(
    place,
    new Plot(
      {
        width: place.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, drag: { setScale: false, x: false, y: false } },
        scales: { x: { time: true }, y: { range: chart.range } },
        axes: axesOf(place, text),
        series: [{}, ...columns.series],
        bands: columns.bands,
        hooks: {
          draw: [(/** @type {Plot} */ plot) => drawMarks(plot, place, chart.marks)],
          setCursor: [
            (/** @type {Plot} */ { cursor: { idx } }) => {
              chart.lines.forEach(({ middle }, index) => {
                const value = values[index];
                if (!value) return;
                value.textContent =
                  idx === null || idx === undefined ? (shown[index] ?? '') : text(near(middle, idx));
              });
            },
          ],
        },
      },
      [chart.timesMs.map((atMs) => atMs / 1000), ...columns.data],
      place,
    ),
  );
}

/**
 * One column for each line, and two more for its band.
 *
 * @param {Chart} chart
 * @param {string[]} colours
 */
function columnsOf({ lines }, colours) {
  const series = [];
  const bands = [];
  const data = [];
  for (const [index, { middle, low, high }] of lines.entries()) {
    const stroke = colours[index] ?? 'gray';
    if (low && high) {
      const at = series.length + 1;
      const edge = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } };
      series.push(edge, edge);
      data.push(high, low);
      bands.push({ series: [at, at + 1], fill: `color-mix(in srgb, ${stroke} 14%, transparent)` });
    }
    series.push({ stroke, width: 2, spanGaps: true, points: { show: false } });
    data.push(middle);
  }
  return { series, bands, data };
}

/**
 * @param {HTMLElement} place
 * @param {(value: number) => string} text
 */
function axesOf(place, text) {
  const style = getComputedStyle(place);
  const common = {
    stroke: style.color,
    font: `11px ${style.fontFamily}`,
    grid: { stroke: style.borderTopColor, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...common,
      grid: { show: false },
      space: 90,
      size: 32,
      values: (/** @type {Plot} */ _, /** @type {number[]} */ all) => momentsOf(all),
    },
    { ...common, size: 50, values: (/** @type {Plot} */ _, /** @type {number[]} */ all) => all.map(text) },
  ];
}

/**
 * @param {Plot} plot
 * @param {HTMLElement} place
 * @param {Chart['marks']} marks
 */
function drawMarks(plot, place, marks) {
  const { ctx, bbox } = plot;
  const style = getComputedStyle(place);
  ctx.save();
  ctx.strokeStyle = style.color;
  ctx.fillStyle = style.color;
  ctx.font = `${11 * devicePixelRatio}px ${style.fontFamily}`;
  ctx.textAlign = 'center';
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { atMs, label } of marks) {
    const x = plot.valToPos(atMs / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(label, x, bbox.top - 4 * devicePixelRatio);
  }
  ctx.restore();
}

/**
 * Moments in UTC, as exact as they lie apart.
 *
 * @param {number[]} seconds
 */
function momentsOf(seconds) {
  const apart = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  const [from, until] = apart < 1 ? [14, 23] : apart < 60 ? [11, 19] : apart < 43_200 ? [5, 16] : [0, 10];
  return seconds.map((moment) => new Date(moment * 1000).toISOString().slice(from, until).replace('T', ' '));
}

/**
 * The value at a place, or the newest one before it.
 *
 * @param {(number | null)[]} values
 * @param {number} index
 */
function near(values, index) {
  return values.slice(0, index + 1).findLast((value) => value !== null);
}

/**
 * @param {number | null | undefined} value
 * @param {Chart['unit']} unit
 */
function textOf(value, unit) {
  if (value === null || value === undefined) return '–';
  return unit === 'percent' ? `${Math.round(value * 100)} %` : value.toFixed(2);
}
