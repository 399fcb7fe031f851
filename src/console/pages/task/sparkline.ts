import { html } from 'hono/html';
import type { SeriesView } from '../../api/series.schema.ts';
import type { Html } from '../console-page.ts';
import { nothing, valueText } from '../format.ts';

const width = 120;
const height = 28;

/** Least range of values that is drawn, so that noise does not look like a change. */
const rangeMin = 0.3;

/** Mean reward of all variants together over time, as a small line. */
export function sparkline({ bins }: Pick<SeriesView, 'bins'>): Html {
  const means = bins.flatMap(({ arms }) => {
    const rewarded = arms.reduce((sum, arm) => sum + arm.rewarded, 0);
    const total = arms.reduce((sum, arm) => sum + (arm.mean ?? 0) * arm.rewarded, 0);
    return rewarded === 0 ? [] : [total / rewarded];
  });
  const first = means[0];
  const last = means.at(-1);
  if (first === undefined || last === undefined || means.length < 2)
    return html`<span class="muted">${nothing}</span>`;
  const middle = (Math.min(...means) + Math.max(...means)) / 2;
  const range = Math.max(rangeMin, Math.max(...means) - Math.min(...means));
  const xOf = (index: number): string => (2 + (index / (means.length - 1)) * (width - 6)).toFixed(1);
  const yOf = (mean: number): string => (height / 2 - ((mean - middle) / range) * (height - 6)).toFixed(1);
  return html`<svg
    class="spark"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="Reward over time, from ${valueText(first)} to ${valueText(last)}"
  >
    <polyline points="${means.map((mean, index) => `${xOf(index)},${yOf(mean)}`).join(' ')}"></polyline>
    <circle cx="${xOf(means.length - 1)}" cy="${yOf(last)}" r="2.2"></circle>
  </svg>`;
}
