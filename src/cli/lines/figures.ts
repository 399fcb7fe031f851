/** What stands where nothing is known. */
export const unknown = '–';

/** A value in [0, 1] with three digits. */
export function valueText(value: number | null): string {
  return value === null ? unknown : value.toFixed(3);
}

/** A difference with its sign and three digits. */
export function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
}

/** A share in percent. */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

/** US dollars; small amounts keep the digits that say something. */
export function moneyText(usd: number): string {
  return `$${usd === 0 || usd >= 0.995 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

/** A moment in UTC, to the second. */
export function momentText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
