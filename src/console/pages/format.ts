import { html } from 'hono/html';
import type { Html } from './console-page.ts';

/** What stands where nothing is known. */
export const nothing = '–';

/** A value in [0, 1] with three digits; `null` is unknown. */
export function valueText(value: number | null): string {
  return value === null ? nothing : value.toFixed(3);
}

/** A share in percent. */
export function percentText(share: number): string {
  const percent = share * 100;
  return `${percent !== 0 && Math.abs(percent) < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** A difference with its sign. */
export function differenceText(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

/** US dollars; small amounts keep the digits that say something. */
export function moneyText(usd: number): string {
  return `$${usd === 0 || usd >= 0.995 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

/** A whole number with separators. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Milliseconds as people say them. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms < 9.95 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const [name, size] = units.find(([, length]) => ms >= length) ?? ['s', 1000];
  const amount = ms / size;
  return `${amount < 10 && name === 's' ? amount.toFixed(1) : Math.floor(amount)} ${name}`;
}

/** A moment, told by how long ago it was; pointing at it tells it exactly. */
export function ago(atMs: number, nowMs: number): Html {
  const iso = new Date(atMs).toISOString();
  const past = nowMs - atMs;
  const text = past < 1000 ? 'just now' : `${durationText(past)} ago`;
  return html`<time datetime="${iso}" title="${momentText(atMs)}">${text}</time>`;
}

/** A moment in UTC, to the second. */
export function momentText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** An id, short enough for a table; the whole one where one points. */
export function shortId(id: string): string {
  return id.length > 14 ? `${id.slice(0, 12)}…` : id;
}
