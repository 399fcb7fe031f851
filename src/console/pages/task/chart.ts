/** A picture over time: what it says is drawn, told as a table, and given to the browser to draw it anew. */
export interface Chart {
  readonly title: string;
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  /** Moments that are marked, such as changes of the plan. */
  readonly marks: readonly { readonly atMs: number; readonly label: string }[];
  /** Ends of the vertical axis. */
  readonly range: readonly [number, number];
  readonly unit: 'value' | 'percent';
}

/** What one variant did, at each of the times; `null` where nothing is known. */
export interface ChartLine {
  readonly name: string;
  /** Which of the colours it has, from 0. */
  readonly colour: number;
  readonly middle: readonly (number | null)[];
  /** Ends of the band around it; absent: it has none. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** Colours that can be told apart. */
export const coloursMax = 6;
